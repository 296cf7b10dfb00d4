package notify_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/notify"
	"github.com/up42/up42-webhooks/receiver/notify/smtptest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// to returns options for an e-mail by a server.
func to(s *smtptest.Server, change ...func(*notify.EmailOptions)) notify.EmailOptions {
	o := notify.EmailOptions{Server: s.Addr, CAFile: s.CAFile, From: "up42hooks@example.com", To: "Ada <ada@example.com>"}
	for _, f := range change {
		f(&o)
	}
	return o
}

func sendEmail(t *testing.T, o notify.EmailOptions, e ...*receiver.Event) error {
	t.Helper()
	a, err := notify.Email(o)
	require.NoError(t, err)
	return a.Send(t.Context(), message(t, e...))
}

func TestEmailsAreSentInEveryWay(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte("s3cr3t\n"), 0o600))
	signsIn := func(o *notify.EmailOptions) { o.Username, o.PasswordFile = "ada", file }
	for name, c := range map[string]struct {
		server smtptest.Options
		change func(*notify.EmailOptions)
	}{
		"STARTTLS":       {smtptest.Options{}, func(*notify.EmailOptions) {}},
		"implicit":       {smtptest.Options{Implicit: true}, func(o *notify.EmailOptions) { o.Security = notify.ImplicitTLS }},
		"none":           {smtptest.Options{Bare: true}, func(o *notify.EmailOptions) { o.Security = notify.NoTLS }},
		"PLAIN":          {smtptest.Options{Auth: "CRAM-MD5 PLAIN LOGIN"}, signsIn},
		"LOGIN":          {smtptest.Options{Auth: "XOAUTH2 LOGIN"}, signsIn},
		"implicit LOGIN": {smtptest.Options{Auth: "LOGIN", Implicit: true}, func(o *notify.EmailOptions) { signsIn(o); o.Security = notify.ImplicitTLS }},
	} {
		t.Run(name, func(t *testing.T) {
			c.server.Username, c.server.Password = "ada", "s3cr3t"
			s := smtptest.Start(t, c.server)
			require.NoError(t, sendEmail(t, to(s, c.change), order("o1", "FAILED")))
			got := <-s.Mails
			assert.Equal(t, "up42hooks@example.com", got.From)
			assert.Equal(t, "ada@example.com", got.To)
			assert.Equal(t, !c.server.Bare, got.Encrypted)
			assert.Equal(t, c.server.Auth != "", got.User == "ada")
			m, err := mail.ReadMessage(strings.NewReader(got.Data))
			require.NoError(t, err)
			assert.Equal(t, "up42hooks: order o1 is FAILED", m.Header.Get("Subject"))
			assert.Equal(t, `"Ada" <ada@example.com>`, m.Header.Get("To"))
			assert.Equal(t, "auto-generated", m.Header.Get("Auto-Submitted"))
			_, err = m.Header.Date()
			require.NoError(t, err)
			text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
			require.NoError(t, err)
			assert.Regexp(t, `^order o1 is FAILED\n\nrule: "ends"\ndeliveries: 1\nnewest: \S+Z\n$`, string(text))
		})
	}
}

// What an order is called makes no headers and no lines, and loses no letters.
func TestAnEmailHasOnlyItsOwnHeaders(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{})
	name := "Zoë\r\nBcc: eve@example.com\r\n\r\n.\r\nRSET " + strings.Repeat("x", 500)
	o := to(s, func(o *notify.EmailOptions) { o.Subject, o.Text = "{name} {status}", "Hello.\n{name}\n{status}" })
	require.NoError(t, sendEmail(t, o, order("o1", "A\nX-Evil: 1", receivertest.Named(name))))
	got := <-s.Mails
	m, err := mail.ReadMessage(strings.NewReader(got.Data))
	require.NoError(t, err)
	assert.Len(t, m.Header, 9, got.Data)
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(subject, "Zoë??Bcc: eve@example.com"), subject)
	assert.LessOrEqual(t, len([]rune(subject)), 150)
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	require.Len(t, lines, 3)
	assert.True(t, strings.HasPrefix(lines[1], "Zoë??Bcc: eve@example.com????.??RSET xxx"), lines[1])
	assert.Equal(t, "A?X-Evil: 1", lines[2])
	for line := range strings.Lines(got.Data) {
		assert.LessOrEqual(t, len(line), 200)
	}
}

func TestPasswordsStayEncrypted(t *testing.T) {
	var asked atomic.Bool
	s := smtptest.Start(t, smtptest.Options{Bare: true, Auth: "PLAIN", Answer: func(line string) string {
		if strings.HasPrefix(line, "AUTH") {
			asked.Store(true)
		}
		return ""
	}})
	signsIn := func(o *notify.EmailOptions) { o.Username, o.Password = "ada", "s3cr3t" }
	err := sendEmail(t, to(s, signsIn), order("a", "PLACED"))
	require.ErrorContains(t, err, "it does not offer STARTTLS")
	assert.False(t, asked.Load())

	other := smtptest.Start(t, smtptest.Options{Auth: "PLAIN"})
	err = sendEmail(t, to(other, signsIn, func(o *notify.EmailOptions) { o.CAFile = s.CAFile }), order("a", "PLACED"))
	require.ErrorContains(t, err, "certificate", "another server's certificate")
	assert.NotContains(t, err.Error(), "s3cr3t")
}

// A check signs in, and sends nothing.
func TestAMailServerIsChecked(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{Auth: "PLAIN", Username: "ada", Password: "s3cr3t"})
	for password, want := range map[string]string{"s3cr3t": "", "wrong": "sign in as ada: 535"} {
		a, err := notify.Email(to(s, func(o *notify.EmailOptions) { o.Username, o.Password = "ada", password }))
		require.NoError(t, err)
		checker, ok := a.(notify.Checker)
		require.True(t, ok)
		if err = checker.Check(t.Context()); want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, want)
		}
	}
	assert.Empty(t, s.Mails)
}

func TestInvalidEmailOptions(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	require.NoError(t, os.WriteFile(empty, []byte("\n"), 0o600))
	for want, change := range map[string]func(*notify.EmailOptions){
		"want a mail server":          func(o *notify.EmailOptions) { o.Server = "smtp.example.com" },
		"must be encrypted":           func(o *notify.EmailOptions) { o.Security = notify.NoTLS },
		"from: want an address":       func(o *notify.EmailOptions) { o.From = "ada" },
		"to: want addresses":          func(o *notify.EmailOptions) { o.To = "a@example.com\r\nBcc: b@example.com" },
		"subject: unknown":            func(o *notify.EmailOptions) { o.Subject = "{txet}" },
		"text: unknown":               func(o *notify.EmailOptions) { o.Text = "{txet}" },
		"/nowhere does not exist":     func(o *notify.EmailOptions) { o.CAFile = "/nowhere" },
		"has no certificate":          func(o *notify.EmailOptions) { o.CAFile = empty },
		"ada has no password":         func(o *notify.EmailOptions) { o.Username = "ada" },
		"is empty; write the":         func(o *notify.EmailOptions) { o.Username, o.PasswordFile = "ada", empty },
		"read the password for smtp.": func(o *notify.EmailOptions) { o.Username, o.PasswordFile = "ada", "/nowhere" },
	} {
		o := notify.EmailOptions{Server: "smtp.example.com:587", From: "a@example.com", To: "b@example.com"}
		change(&o)
		_, err := notify.Email(o)
		require.ErrorContains(t, err, want)
	}
}

// A server that has no time now gets the e-mail later; one that refuses it does not.
func TestAnEmailIsSentUntilTheServerTakesIt(t *testing.T) {
	var busy atomic.Int64
	s := smtptest.Start(t, smtptest.Options{Answer: func(line string) string {
		switch {
		case strings.HasPrefix(line, "RCPT") && busy.Add(1) == 1:
			return "451 4.7.1 greylisted, \x1b[31mtry again"
		case strings.HasPrefix(line, "RCPT") && busy.Load() == 3:
			return "550 5.1.1 no such user"
		}
		return ""
	}})
	var out bytes.Buffer
	a, err := notify.Email(to(s))
	require.NoError(t, err)
	log := receivertest.NewLog()
	o := rules(a)
	o.Log, o.Logger, o.After = log, slog.New(slog.NewTextHandler(&out, nil)), &receiver.Counts{}
	done := runOutside(t, o)
	log.Add(order("a", "PLACED"), order("b", "PLACED"), order("c", "PLACED"))
	for _, want := range []string{"order a", "order c"} {
		select {
		case got := <-s.Mails:
			assert.Contains(t, got.Data, want)
		case <-time.After(30 * time.Second):
			require.Fail(t, "there is no e-mail")
		}
	}
	done()
	assert.Contains(t, out.String(), "451 ")
	assert.NotContains(t, out.String(), "\x1b")
	assert.Contains(t, out.String(), "550")
	assert.Equal(t, 1, strings.Count(out.String(), "can't be sent now"))
	assert.Equal(t, 1, strings.Count(out.String(), "could not be sent"))
}

// Many servers refuse the name localhost.
func TestTheClientNamesItsAddress(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{Answer: func(line string) string {
		if line == "EHLO localhost" || line == "HELO localhost" {
			return "504 5.5.2 need a fully-qualified name"
		}
		return ""
	}})
	require.NoError(t, sendEmail(t, to(s), order("a", "PLACED")))
	assert.Contains(t, (<-s.Mails).Data, "order a")
}

func TestAServerThatSaysNothingIsLeft(t *testing.T) {
	s := smtptest.Start(t, smtptest.Options{Answer: func(line string) string {
		if strings.HasPrefix(line, "MAIL") {
			return "250-more follows, but never comes"
		}
		return ""
	}})
	a, err := notify.Email(to(s))
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	require.ErrorContains(t, a.Send(ctx, message(t, order("a", "PLACED"))), "deadline exceeded")
}
