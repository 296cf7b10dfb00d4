package clitest

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Terminal is a terminal that answers no question.
type Terminal struct {
	*transcript
	In   io.Writer
	Done chan struct{}
	Cmd  *exec.Cmd
}

// OnTerminal runs a command on a terminal of the given size that never answers.
func OnTerminal(t testing.TB, env []string, columns, lines uint16, args ...string) *Terminal {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "up42hooks", args...)
	cmd.Env = append([]string{"TERM=xterm-256color"}, env...)
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: columns, Rows: lines})
	require.NoError(t, err)
	m := &Terminal{transcript: newTranscript(), In: f, Done: make(chan struct{}), Cmd: cmd}
	go func() {
		defer close(m.Done)
		_, _ = io.Copy(m, f) // ends with an error once the terminal is gone
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		cancel()
		<-m.Done
		_ = f.Close()
	})
	return m
}

// A question to the terminal starts with one of these; where nobody answers it
// costs seconds.
var questions = []string{"\x1b]10;?", "\x1b]11;?", "\x1b[6n", "\x1b[c", "\x1b[>c", "\x1b[?u"}

func (m *Terminal) AskedNothing(t *testing.T) {
	t.Helper()
	for _, q := range questions {
		assert.NotContains(t, m.String(), q, "the terminal was asked something")
	}
}

func (m *Terminal) Code() int { return m.Cmd.ProcessState.ExitCode() }

func (m *Terminal) Signal(s os.Signal) { _ = m.Cmd.Process.Signal(s) }

func (m *Terminal) Key(t *testing.T, s string) {
	t.Helper()
	_, err := io.WriteString(m.In, s)
	require.NoError(t, err)
}

func (m *Terminal) Ends(t *testing.T) {
	t.Helper()
	select {
	case <-m.Done:
		assert.Zero(t, m.Code(), "on the screen: %q", m)
	case <-time.After(Patience):
		require.Fail(t, "it does not end", "on the screen: %q", m)
	}
}

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
