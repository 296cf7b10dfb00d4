package remote_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/tuitest/emulator"
)

// patience bounds every wait. A test that passes never waits that long.
const patience = 60 * time.Second

// served is a server with a log in memory.
type served struct {
	*remote.Server
	log   *receivertest.Log
	lines *lines
	board *remote.Board
	end   func()
}

// lines collects what is written.
type lines struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func newLines() *lines { return &lines{changed: make(chan struct{})} }

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.changed)
	l.changed = make(chan struct{})
	return l.text.Write(p)
}

func (l *lines) look() (string, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String(), l.changed
}

// await waits until the text has a part, and returns the text.
func (l *lines) await(t testing.TB, part string) string {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		text, changed := l.look()
		if strings.Contains(text, part) {
			return text
		}
		select {
		case <-changed:
		case <-late.C:
			require.Fail(t, "it was not written", "%q in:\n%s", part, text)
		}
	}
}

// serve serves a log with an order. change may change what is usual.
func serve(t testing.TB, o remote.Options, change func(*remote.Board)) *served {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	o.HostKey, err = remote.HostKey(filepath.Join(t.TempDir(), "host"))
	require.NoError(t, err)
	s := &served{log: receivertest.NewLog(), lines: newLines()}
	o.Logger, o.Now = slog.New(slog.NewTextHandler(s.lines, nil)), time.Now
	if o.MaskKey == nil {
		o.MaskKey = []byte("a key")
	}
	s.Server, err = remote.New(l, o)
	require.NoError(t, err)
	s.log.Add(receivertest.Order("order-one", "PLACED", receivertest.At(time.Now())))
	ctx, cancel := context.WithCancel(context.Background())
	s.board = boardOn(ctx, s.log)
	if change != nil {
		change(s.board)
	}
	s.Show(s.board)
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	s.end = sync.OnceFunc(func() {
		cancel()
		assert.NoError(t, <-done)
	})
	t.Cleanup(s.end)
	return s
}

// boardOn shows a log.
func boardOn(ctx context.Context, log receiver.Reader) *remote.Board {
	env := cli.Env{Stdout: io.Discard, Stderr: io.Discard, Now: time.Now, Getenv: func(name string) string {
		return map[string]string{"HOME": "/nowhere", "EDITOR": "vi", "UP42_SECRET": "the-secret-of-the-receiver"}[name]
	}}
	flags := new(pflag.FlagSet)
	return &remote.Board{
		Ctx: ctx, Env: env, Flags: flags, Log: log,
		Screen: func(env cli.Env) tui.Options {
			return tui.Options{
				Log: log, Theme: config.NewTheme(env, &config.Config{Theme: config.Auto, Color: cli.AutoColor}), ASCII: !env.UTF8(), Now: time.Now,
				Receiver: tui.Receiver{Address: "127.0.0.1:9888", Path: "/receive-webhooks"},
			}
		},
	}
}

// dial connects with a key. Without one it offers none.
func (s *served) dial(t testing.TB, key ssh.Signer) *ssh.Client {
	t.Helper()
	c, err := s.tryDial(key)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// dialAgain dials until there is room, which others have left that the server may still have to notice.
func (s *served) dialAgain(t testing.TB) (c *ssh.Client) {
	t.Helper()
	require.Eventually(t, func() (ok bool) {
		var err error
		c, err = s.tryDial()
		return err == nil
	}, patience, 10*time.Millisecond, "there is room again")
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func (s *served) tryDial(keys ...ssh.Signer) (*ssh.Client, error) {
	c := &ssh.ClientConfig{User: "ada", HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: patience}
	for _, key := range keys {
		if key != nil {
			c.Auth = []ssh.AuthMethod{ssh.PublicKeys(keys...)}
		}
	}
	return ssh.Dial("tcp", s.Address(), c)
}

// looker is a client with a terminal.
type looker struct {
	*ssh.Session
	raw    *lines
	in     io.WriteCloser
	mu     sync.Mutex
	screen *emulator.Screen
	ended  chan struct{}
}

// Write is for the session.
func (l *looker) Write(p []byte) (int, error) {
	l.mu.Lock()
	_, _ = l.screen.Write(p) // what the emulator does not know is in raw
	l.mu.Unlock()
	return l.raw.Write(p)
}

// shown is the screen. whole is false while the session is drawing it.
func (l *looker) shown() (screen string, whole bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.screen.String(), !l.screen.Drawing()
}

// sees waits until the screen shows a text.
func (l *looker) sees(t testing.TB, text string) string {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		_, changed := l.raw.look()
		shown, whole := l.shown()
		if whole && strings.Contains(shown, text) {
			return shown
		}
		select {
		case <-changed:
		case <-late.C:
			require.Fail(t, "it is not on the screen", "%q on:\n%s", text, shown)
		}
	}
}

func (l *looker) press(t testing.TB, keys string) {
	t.Helper()
	_, err := io.WriteString(l.in, keys)
	require.NoError(t, err)
}

// look opens the dashboard on a terminal.
func look(t testing.TB, c *ssh.Client, width, height int, variables ...string) *looker {
	t.Helper()
	s, err := c.NewSession()
	require.NoError(t, err)
	l := &looker{Session: s, raw: newLines(), screen: emulator.New(width, height), ended: make(chan struct{})}
	for i := 0; i < len(variables); i += 2 {
		_ = s.Setenv(variables[i], variables[i+1]) // a refused one is refused
	}
	require.NoError(t, s.RequestPty("xterm-256color", height, width, ssh.TerminalModes{}))
	s.Stdout = l
	l.in, err = s.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, s.Shell())
	go func() {
		defer close(l.ended)
		_ = s.Wait()
	}()
	t.Cleanup(func() {
		_ = c.Close()
		<-l.ended
	})
	return l
}

// run runs a command and returns what it printed.
func run(t testing.TB, c *ssh.Client, input, command string) (stdout, stderr string, code int) {
	t.Helper()
	s, err := c.NewSession()
	require.NoError(t, err)
	defer s.Close()
	var out, errs bytes.Buffer
	s.Stdin, s.Stdout, s.Stderr = strings.NewReader(input), &out, &errs
	err = s.Run(command)
	if exit := (*ssh.ExitError)(nil); err != nil {
		require.ErrorAs(t, err, &exit, "it said: %s", errs.String())
		code = exit.ExitStatus()
	}
	return out.String(), errs.String(), code
}

// keysFor makes a server's options with a key for each role.
func keysFor(t testing.TB) (o remote.Options, viewer, operator ssh.Signer) {
	t.Helper()
	v, viewerLine := newKey(t)
	op, operatorLine := newKey(t)
	f, err := remote.ReadKeyFile(keyFile(t, viewerLine+" ada@laptop", "role=operator "+operatorLine+" bob@desk"), time.Now)
	require.NoError(t, err)
	return remote.Options{Keys: f}, v, op
}
