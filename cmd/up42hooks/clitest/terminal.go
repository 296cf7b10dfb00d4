package clitest

import (
	"context"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/tuitest/emulator"
)

// Terminal is a terminal with up42hooks on it. It answers no queries.
type Terminal struct {
	*transcript
	In   io.Writer
	Done chan struct{}
	Cmd  *exec.Cmd

	screen  *emulator.Screen
	looking sync.Mutex // for screen and misfit
	misfit  error      // what the terminal did not know
}

// Write is for the program.
func (m *Terminal) Write(p []byte) (int, error) {
	m.looking.Lock()
	if m.misfit == nil {
		_, m.misfit = m.screen.Write(p)
	}
	m.looking.Unlock()
	return m.transcript.Write(p)
}

// shown is the screen. whole is false while the program is drawing it.
func (m *Terminal) shown(t testing.TB) (screen string, whole bool) {
	t.Helper()
	m.looking.Lock()
	defer m.looking.Unlock()
	require.NoError(t, m.misfit)
	return m.screen.String(), !m.screen.Drawing()
}

// Await waits until the program has written what matches a pattern, or until the screen shows it: a
// program on the screen writes only the cells that change.
func (m *Terminal) Await(pattern string) (match string, ok bool) {
	return m.await(pattern, func() string {
		m.looking.Lock()
		defer m.looking.Unlock()
		if m.misfit != nil || m.screen.Drawing() {
			return ""
		}
		return m.screen.String()
	})
}

// State is what the program has changed of the terminal, beside its cells.
func (m *Terminal) State(t testing.TB) emulator.State {
	t.Helper()
	m.looking.Lock()
	defer m.looking.Unlock()
	require.NoError(t, m.misfit)
	return m.screen.State()
}

// OnTerminal runs a command on a terminal of this size.
func OnTerminal(t testing.TB, env []string, columns, lines uint16, args ...string) *Terminal {
	t.Helper()
	return ProgramOnTerminal(t, env, columns, lines, "up42hooks", args...)
}

// ProgramOnTerminal runs any program on a terminal of this size.
func ProgramOnTerminal(t testing.TB, env []string, columns, lines uint16, program string, args ...string) *Terminal {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a terminal of Unix")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append([]string{"TERM=xterm-256color"}, env...)
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: columns, Rows: lines})
	require.NoError(t, err)
	m := &Terminal{transcript: newTranscript(), In: f, Done: make(chan struct{}), Cmd: cmd, screen: emulator.New(int(columns), int(lines))}
	go func() {
		defer close(m.Done)
		_, _ = io.Copy(m, f) // it ends with an error when the terminal is gone
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		cancel()
		<-m.Done
		_ = f.Close()
	})
	return m
}

// Sees waits until the screen shows a text, and returns the screen.
func (m *Terminal) Sees(t testing.TB, text string) string {
	t.Helper()
	return m.Matches(t, regexp.QuoteMeta(text))
}

// Matches waits until the screen matches a pattern, and returns the screen.
func (m *Terminal) Matches(t testing.TB, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	late := time.NewTimer(Patience)
	defer late.Stop()
	for {
		_, changed := m.look()
		shown, whole := m.shown(t)
		if whole && re.MatchString(shown) {
			return shown
		}
		select {
		case <-changed:
		case <-late.C:
			require.Fail(t, "it is not on the screen", "%s on:\n%s", pattern, shown)
		}
	}
}

// queries are how queries to a terminal start. A program may wait seconds for the
// answer to one.
var queries = []string{"\x1b]10;?", "\x1b]11;?", "\x1b[6n", "\x1b[c", "\x1b[>c", "\x1b[?u"}

// AskedNothing checks that no query was sent.
func (m *Terminal) AskedNothing(t *testing.T) {
	t.Helper()
	for _, q := range queries {
		assert.NotContains(t, m.String(), q, "the terminal was asked something")
	}
}

// Code is the exit code.
func (m *Terminal) Code() int { return m.Cmd.ProcessState.ExitCode() }

// Signal sends a signal.
func (m *Terminal) Signal(s os.Signal) { _ = m.Cmd.Process.Signal(s) }

// Key types keys.
func (m *Terminal) Key(t *testing.T, s string) {
	t.Helper()
	_, err := io.WriteString(m.In, s)
	require.NoError(t, err)
}

// Ends waits for the end and checks that the exit code is 0.
func (m *Terminal) Ends(t *testing.T) {
	t.Helper()
	select {
	case <-m.Done:
		assert.Zero(t, m.Code(), "on the screen: %q", m)
	case <-time.After(Patience):
		require.Fail(t, "it does not end", "on the screen: %q", m)
	}
}

// Getenv looks a variable up in an environment.
func Getenv(env []string) func(string) string {
	return func(name string) string {
		for _, v := range env {
			if k, v, _ := strings.Cut(v, "="); k == name {
				return v
			}
		}
		return ""
	}
}
