package main

import (
	"context"
	"io"
	"os/exec"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mute is a terminal that answers no question.
type mute struct {
	*transcript
	in   io.Writer
	size func(columns, lines uint16)
	done chan struct{}
	code func() int
}

// onTerminal runs a command on a terminal of the given size that never answers.
func onTerminal(t *testing.T, env []string, columns, lines uint16, args ...string) *mute {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "up42hooks", args...)
	cmd.Env = append([]string{"TERM=xterm-256color"}, env...)
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: columns, Rows: lines})
	require.NoError(t, err)
	m := &mute{transcript: newTranscript(), in: f, done: make(chan struct{}), code: func() int { return cmd.ProcessState.ExitCode() }}
	m.size = func(columns, lines uint16) {
		require.NoError(t, pty.Setsize(f, &pty.Winsize{Cols: columns, Rows: lines}))
	}
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

func TestCommandsAskTheTerminalNothing(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"version"}, {"config"}, {"events"}, {"orders"}, {"--help"}} {
		t.Run(args[0], func(t *testing.T) {
			t.Parallel()
			m := onTerminal(t, home(t), 80, 24, args...)
			<-m.done
			assert.Zero(t, m.code())
			assert.NotEmpty(t, m.String())
			m.askedNothing(t)
		})
	}
}
