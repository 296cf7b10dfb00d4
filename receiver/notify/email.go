package notify

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver/loopback"
	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/safe"
)

// Security says how the connection to a mail server is encrypted.
type Security string

// The ways.
const (
	// StartTLS connections are encrypted before anything else is said. A server that does
	// not offer that gets no message.
	StartTLS Security = "starttls"
	// ImplicitTLS connections are encrypted from their beginning. It is usual on port 465.
	ImplicitTLS Security = "implicit"
	// NoTLS connections are not encrypted. They may only lead to this machine.
	NoTLS Security = "none"
)

// Securities returns all ways.
func Securities() []Security { return []Security{StartTLS, ImplicitTLS, NoTLS} }

// The templates of an e-mail.
const (
	DefaultSubject = "up42hooks: {text}"
	DefaultText    = "{text}\n\nrule: {rule}\ndeliveries: {count}\nnewest: {time}\n"
)

// EmailOptions configure an e-mail. Server, From and To are required.
type EmailOptions struct {
	// Server is the host and port of the mail server.
	Server string
	// Security is ImplicitTLS for port 465 and StartTLS for others, unless it is given.
	Security Security
	// CAFile is a file with certificates in PEM that are trusted instead of the system's.
	CAFile string
	// Username and Password sign in to the server. Without a username nobody signs in.
	// PasswordFile is read for each message, and comes before Password.
	Username, Password, PasswordFile string
	// From and To are addresses such as "Ada <ada@example.com>".
	From, To string
	// Subject and Text are templates with the placeholders of [Placeholders]. Empty are
	// DefaultSubject and DefaultText.
	Subject, Text string
}

const (
	// emailTimeout bounds the sending of one e-mail.
	emailTimeout = 30 * time.Second
	// mendTime is how long to wait if the owner or the server's administrator has to do
	// something, such as correct the password.
	mendTime = 5 * time.Minute
)

// Email makes an action that sends e-mails to one address, each in a connection of its own.
// It returns an error if the options are not valid. It connects to nothing yet.
func Email(o EmailOptions) (Action, error) {
	host, port, err := net.SplitHostPort(o.Server)
	if err != nil || host == "" || port == "" {
		return nil, errors.New("want a mail server like smtp.example.com:587")
	}
	if o.Security == "" {
		o.Security = StartTLS
		if port == "465" {
			o.Security = ImplicitTLS
		}
	}
	if o.Security == NoTLS && !loopback.Host(host) {
		return nil, fmt.Errorf("e-mails to %s must be encrypted: only a server on this machine can do without TLS", o.Server)
	}
	e := &email{o: o, host: host}
	if err := errors.Join(e.parse(), e.trust()); err != nil {
		return nil, err
	}
	if o.Username != "" {
		if _, err := e.password(); err != nil {
			return nil, err
		}
	}
	return e, nil
}

type email struct {
	o             EmailOptions
	host          string
	from, to      *mail.Address
	subject, text template
	tls           *tls.Config
}

// parse reads the addresses and the templates.
func (e *email) parse() (err error) {
	if e.from, err = mail.ParseAddress(e.o.From); err != nil {
		return errors.New("from: want an address like up42hooks@example.com")
	}
	if e.to, err = mail.ParseAddress(e.o.To); err != nil {
		return errors.New("to: want addresses like ada@example.com")
	}
	if e.subject, err = newTemplate(cmp.Or(e.o.Subject, DefaultSubject)); err != nil {
		return fmt.Errorf("subject: %w", err)
	}
	if e.text, err = newTemplate(cmp.Or(e.o.Text, DefaultText)); err != nil {
		return fmt.Errorf("text: %w", err)
	}
	return nil
}

// trust reads the certificates.
func (e *email) trust() error {
	e.tls = &tls.Config{ServerName: e.host, MinVersion: tls.VersionTLS12}
	if e.o.CAFile == "" {
		return nil
	}
	pem, err := outfile.Read(e.o.CAFile, outfile.MaxSettings)
	if err != nil {
		return fmt.Errorf("read the certificates for %s: %w", e.o.Server, err)
	}
	e.tls.RootCAs = x509.NewCertPool()
	if !e.tls.RootCAs.AppendCertsFromPEM(pem) {
		return fmt.Errorf("%s has no certificate in PEM", e.o.CAFile)
	}
	return nil
}

func (e *email) password() (string, error) {
	if e.o.PasswordFile == "" {
		if e.o.Password == "" {
			return "", fmt.Errorf("%s has no password: give password-file, or set UP42_SMTP_PASSWORD", e.o.Username)
		}
		return e.o.Password, nil
	}
	text, err := outfile.Read(e.o.PasswordFile, outfile.MaxSettings)
	if err != nil {
		return "", fmt.Errorf("read the password for %s: %w", e.o.Server, err)
	}
	if p := strings.TrimRight(string(text), "\r\n"); p != "" {
		return p, nil
	}
	return "", fmt.Errorf("%s is empty; write the password for %s into it", e.o.PasswordFile, e.o.Server)
}

func (e *email) Send(ctx context.Context, m *Message) error {
	return e.connect(ctx, func(c *smtp.Client) error { return e.handOver(c, m) })
}

// Check implements [Checker]: it signs in.
func (e *email) Check(ctx context.Context) error {
	return e.connect(ctx, func(*smtp.Client) error { return nil })
}

func (e *email) connect(ctx context.Context, then func(*smtp.Client) error) error {
	ctx, cancel := context.WithTimeout(ctx, emailTimeout)
	defer cancel()
	err := e.session(ctx, then)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return fmt.Errorf("e-mail by %s: %w", e.o.Server, cleanError(err))
}

// session connects to the server, signs in, and does then.
func (e *email) session(ctx context.Context, then func(*smtp.Client) error) error {
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", e.o.Server)
	if err != nil {
		return err
	}
	defer func() { _ = raw.Close() }()
	// The standard library's client knows no contexts.
	defer context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })()
	conn := raw
	if e.o.Security == ImplicitTLS {
		conn = tls.Client(raw, e.tls)
	}
	c, err := smtp.NewClient(conn, e.host)
	if err != nil {
		return mendable(err)
	}
	if err := e.greet(c, raw.LocalAddr()); err != nil {
		return mendable(err)
	}
	if err := then(c); err != nil {
		return err
	}
	_ = c.Quit() // the server has what it was to have
	return nil
}

// greet encrypts the connection and signs in. The client names itself by its own address:
// some servers refuse names that are not in the DNS.
func (e *email) greet(c *smtp.Client, own net.Addr) error {
	if a, ok := own.(*net.TCPAddr); ok {
		if err := c.Hello(literal(a.IP)); err != nil {
			return fmt.Errorf("greet the server: %w", err)
		}
	}
	if e.o.Security == StartTLS {
		if offered, _ := c.Extension("STARTTLS"); !offered {
			return errors.New("it does not offer STARTTLS; if its port is for TLS from the beginning, set tls: implicit")
		}
		if err := c.StartTLS(e.tls); err != nil {
			return fmt.Errorf("start TLS: %w", err)
		}
	}
	if e.o.Username == "" {
		return nil
	}
	password, err := e.password()
	if err != nil {
		return err
	}
	auth, err := signIn(c, e.host, e.o.Username, password)
	if err != nil {
		return err
	}
	if err := c.Auth(auth); err != nil {
		return fmt.Errorf("sign in as %s: %w", e.o.Username, err)
	}
	return nil
}

// literal writes an address as RFC 5321 has it in place of a name.
func literal(ip net.IP) string {
	if ip.To4() != nil {
		return "[" + ip.String() + "]"
	}
	return "[IPv6:" + ip.String() + "]"
}

// handOver gives the server the message. A refusal by a code from 500 on is for good.
func (e *email) handOver(c *smtp.Client, m *Message) error {
	if err := c.Mail(e.from.Address); err != nil {
		return refused(fmt.Errorf("from %s: %w", e.from.Address, err))
	}
	if err := c.Rcpt(e.to.Address); err != nil {
		return refused(fmt.Errorf("to %s: %w", e.to.Address, err))
	}
	w, err := c.Data()
	if err != nil {
		return refused(err)
	}
	if _, err := w.Write(e.message(m)); err != nil {
		return err
	}
	return refused(w.Close())
}

func (e *email) Persistent() bool { return true }
func (e *email) String() string   { return "e-mail to " + e.to.Address }
func (e *email) GoString() string { return e.String() }

// mailError is a failure.
type mailError struct {
	error
	lasting bool
	wait    time.Duration
}

func (e *mailError) Unwrap() error       { return e.error }
func (e *mailError) temporary() bool     { return !e.lasting }
func (e *mailError) rest() time.Duration { return e.wait }

// mendable returns a failure that somebody has to mend, unless the server says that it
// passes. The connection may also just have broken.
func mendable(err error) error {
	var code *textproto.Error
	var network net.Error
	if errors.As(err, &code) && code.Code/100 == 4 || errors.As(err, &network) || errors.Is(err, io.EOF) {
		return err
	}
	return &mailError{error: err, wait: mendTime}
}

// refused returns the failure of a message. It is for good if the server says so.
func refused(err error) error {
	var code *textproto.Error
	if !errors.As(err, &code) {
		return err
	}
	return &mailError{error: err, lasting: code.Code/100 == 5}
}

// cleanError makes the words of a server safe to print, and keeps what it knows.
func cleanError(err error) error {
	known := &mailError{error: errors.New(safe.Shorten(safe.Line(err.Error()), 300))}
	var f failure
	if errors.As(err, &f) {
		known.lasting, known.wait = !f.temporary(), f.rest()
	}
	return known
}
