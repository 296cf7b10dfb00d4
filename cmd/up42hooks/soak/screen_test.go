//go:build linux

package soak

import (
	"io"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/tuitest/emulator"
)

// screen is a terminal with a dashboard. It keeps nothing but its cells.
type screen struct {
	cmd  *exec.Cmd
	file *os.File
	done chan struct{}

	mu     sync.Mutex
	cells  *emulator.Screen
	misfit error // what the terminal did not know
}

// The widest size is that of the emulator: the program also gets smaller ones.
const columns, lines = 160, 50

func onScreen(t *testing.T, env []string, args ...string) *screen {
	t.Helper()
	s := &screen{cmd: exec.Command("up42hooks", args...), done: make(chan struct{}), cells: emulator.New(columns, lines)}
	s.cmd.Env = append([]string{"TERM=xterm-256color"}, env...)
	var err error
	s.file, err = pty.StartWithSize(s.cmd, &pty.Winsize{Cols: columns, Rows: lines})
	require.NoError(t, err)
	go func() {
		defer close(s.done)
		_, _ = io.Copy(s, s.file) // it ends with an error when the terminal is gone
		_ = s.cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = s.cmd.Process.Signal(syscall.SIGKILL)
		<-s.done
		_ = s.file.Close()
	})
	return s
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.misfit == nil {
		_, s.misfit = s.cells.Write(p)
	}
	return len(p), nil
}

// url returns where the dashboard receives, which its header says.
func (s *screen) url(t *testing.T) (url string) {
	t.Helper()
	address := regexp.MustCompile(`127\.0\.0\.1:\d+`)
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		url = "http://" + address.FindString(s.cells.String()) + receiver.DefaultPath
		return address.MatchString(url)
	}, clitest.Patience, 10*time.Millisecond)
	return url
}

// use presses keys, and resizes the terminal.
func (s *screen) use(over <-chan struct{}) {
	keys := []string{
		"0", "1", "j", "j", "2", "j", "\r", "l", "l", "\x1b", "s", "3", "j", "\r", "l", "G", "\x1b", "g", "/", "PLACED", "\r", "n", "\x1b", "\x1b", "v", "4", "5", ":", "\x1b", "?", "\x1b", "2", "p", "p",
	}
	for n := 0; ; n++ {
		select {
		case <-over:
			return
		case <-time.After(150 * time.Millisecond):
		}
		if n%100 == 99 {
			_ = pty.Setsize(s.file, &pty.Winsize{Cols: columns - uint16(n/100%3*30), Rows: lines - uint16(n/100%3*10)})
		}
		if _, err := io.WriteString(s.file, keys[n%len(keys)]); err != nil {
			return
		}
	}
}

// ends checks that the terminal knew everything, and ends the program.
func (s *screen) ends(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	shown, misfit := s.cells.String(), s.misfit
	s.mu.Unlock()
	require.NoError(t, misfit)
	require.Contains(t, shown, "Overview")
	_, err := io.WriteString(s.file, "\x03")
	require.NoError(t, err)
	select {
	case <-s.done:
	case <-time.After(clitest.Patience):
		require.Fail(t, "it does not end", shown)
	}
	require.Zero(t, s.cmd.ProcessState.ExitCode(), shown)
}
