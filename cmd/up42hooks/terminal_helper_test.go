package main

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

// mute is a terminal that answers no question.
type mute struct {
	*transcript
	in   io.Writer
	done chan struct{}
	cmd  *exec.Cmd
}

// onTerminal runs a command on a terminal of the given size that never answers.
func onTerminal(t testing.TB, env []string, columns, lines uint16, args ...string) *mute {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "up42hooks", args...)
	cmd.Env = append([]string{"TERM=xterm-256color"}, env...)
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: columns, Rows: lines})
	require.NoError(t, err)
	m := &mute{transcript: newTranscript(), in: f, done: make(chan struct{}), cmd: cmd}
	go func() {
		defer close(m.done)
		_, _ = io.Copy(m, f) // ends with an error once the terminal is gone
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		cancel()
		<-m.done
		_ = f.Close()
	})
	return m
}

// A question to the terminal starts with one of these; where nobody answers it
// costs seconds.
var questions = []string{"\x1b]10;?", "\x1b]11;?", "\x1b[6n", "\x1b[c", "\x1b[>c", "\x1b[?u"}

func (m *mute) askedNothing(t *testing.T) {
	t.Helper()
	for _, q := range questions {
		assert.NotContains(t, m.String(), q, "the terminal was asked something")
	}
}

func (m *mute) code() int { return m.cmd.ProcessState.ExitCode() }

func (m *mute) signal(s os.Signal) { _ = m.cmd.Process.Signal(s) }

func (m *mute) key(t *testing.T, s string) {
	t.Helper()
	_, err := io.WriteString(m.in, s)
	require.NoError(t, err)
}

func (m *mute) ends(t *testing.T) {
	t.Helper()
	select {
	case <-m.done:
		assert.Zero(t, m.code(), "on the screen: %q", m)
	case <-time.After(patience):
		require.Fail(t, "it does not end", "on the screen: %q", m)
	}
}

func getenv(env []string) func(string) string {
	return func(name string) string {
		for _, v := range env {
			if k, v, _ := strings.Cut(v, "="); k == name {
				return v
			}
		}
		return ""
	}
}
