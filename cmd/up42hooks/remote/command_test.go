package remote_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

func TestCommandsThatRead(t *testing.T) {
	o, viewer, _ := keysFor(t)
	s := serve(t, o, nil)
	c := s.dial(t, viewer)
	for command, want := range map[string]string{
		"orders --json":       `"id":"order-one"`,
		"up42hooks orders":    "order-one",
		"jobs":                "",
		"events -n 1 --json":  `"seq":1`,
		"events get 1":        "order-one",
		"events get 1 --http": "POST ",
		`orders --filter 'status:PLACED kind:order' -o csv`: "order-one",
		`orders "--filter=status:FAILED"`:                   "",
		"orders --help":                                     "Usage:",
	} {
		out, errs, code := run(t, c, "", command)
		assert.Zero(t, code, "%s: %s", command, errs)
		assert.Contains(t, out, want, command)
	}
	assert.Contains(t, s.lines.await(t, `runs="orders --json"`), "comment=ada@laptop")
}

func TestCommandsThatAreRefused(t *testing.T) {
	o, _, operator := keysFor(t)
	s := serve(t, o, nil)
	c := s.dial(t, operator)
	for command, want := range map[string]string{
		"send":                                `"send" can't be run over SSH: want one of events, jobs, orders, verify`,
		"sh -c id":                            `"sh" can't be run over SSH`,
		"__complete orders ''":                "can't be run over SSH",
		"up42hooks":                           "no command: want one of",
		"events admit r1":                     "events takes no argument",
		"orders --store /etc/passwd":          "--store can't be given over SSH",
		"orders --config=/etc/passwd":         "--config can't be given over SSH",
		"events --stream nats://evil":         "--stream can't be given over SSH",
		"verify /etc/passwd":                  "verify reads no file of the server",
		"verify --secret-file /etc/passwd":    "--secret-file can't be given over SSH",
		"verify --secret x -":                 "--secret can't be given over SSH",
		"verify -- --secret-file=/etc/passwd": "verify reads no file of the server",
		"orders --frobnicate":                 "unknown flag",
		"orders 'open":                        "a quote is not closed",
		"orders; id":                          `"orders;" can't be run`,
		"orders $(id)":                        "takes no argument",
		"orders --filter nonsense:x":          "nonsense",
	} {
		out, errs, code := run(t, c, "", command)
		assert.Equal(t, 2, code, command)
		assert.Contains(t, errs, want, command)
		assert.Empty(t, out, command)
	}
	text := s.lines.await(t, `tried="sh -c id"`)
	assert.Contains(t, text, "role=operator")
}

func TestVerifyReadsTheRequestOfTheClient(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	request := "POST /receive-webhooks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\r\n{}"
	out, errs, code := run(t, s.dial(t, nil), request, "verify")
	assert.Equal(t, 1, code, errs)
	assert.Contains(t, out, "missing-signature")
	_, errs, code = run(t, s.dial(t, nil), strings.Repeat("x", 3<<20), "verify -")
	assert.Equal(t, 2, code)
	assert.Contains(t, errs, "the input is too long")
	assert.NotContains(t, out+errs, "the-secret-of-the-receiver")
}

// A client that follows gets each event, and ends with its connection.
func TestFollowingOverSSH(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	c := s.dial(t, nil)
	session, err := c.NewSession()
	require.NoError(t, err)
	out := newLines()
	session.Stdout = out
	require.NoError(t, session.Start("events --follow --json"))
	out.await(t, "order-one")
	s.log.Add(receivertest.Order("order-two", "PLACED", receivertest.At(time.Now())))
	out.await(t, "order-two")
	require.NoError(t, session.Signal("INT"))
	assert.NoError(t, session.Wait(), "it ends as by ctrl+c")
}

func TestWithoutATerminalThereAreCommands(t *testing.T) {
	_, viewer := newKey(t)
	private, restricted := newKey(t)
	f, err := remote.ReadKeyFile(keyFile(t, viewer, "restrict "+restricted), time.Now)
	require.NoError(t, err)
	s := serve(t, remote.Options{Keys: f}, nil)
	c := s.dial(t, private)
	session, err := c.NewSession()
	require.NoError(t, err)
	assert.Error(t, session.RequestPty("xterm", 24, 80, nil), "the key has no terminal")
	errs := newLines()
	session.Stderr = errs
	require.NoError(t, session.Shell())
	assert.ErrorContains(t, session.Wait(), "status 2")
	errs.await(t, "this key has no terminal here, but it runs commands: events, jobs, orders, verify")
	out, _, code := run(t, c, "", "orders")
	assert.Zero(t, code)
	assert.Contains(t, out, "order-one")
}

// On a terminal a command has its width and colours, and ctrl+c ends it.
func TestACommandOnATerminal(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	session, err := s.dial(t, nil).NewSession()
	require.NoError(t, err)
	require.NoError(t, session.RequestPty("xterm-256color", 24, 60, nil))
	out := newLines()
	session.Stdout = out
	in, err := session.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, session.Start("events --follow"))
	text := out.await(t, "order-one")
	assert.Contains(t, text, "\x1b[38;5;")
	assert.NotRegexp(t, `[^\r]\n`, text, "lines end as on a terminal in raw mode")
	_, err = in.Write([]byte{3})
	require.NoError(t, err)
	assert.NoError(t, session.Wait())
}
