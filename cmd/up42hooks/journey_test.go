//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// terminal is a shell in tmux, which is a real terminal emulator. A test can read
// its screen.
type terminal struct {
	t      *testing.T
	socket string
	// keys is how many keys were pressed. Typed text counts by character.
	keys int
}

func newTerminal(t *testing.T, cols, rows int, environment ...string) *terminal {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("tmux is missing, and CI must not skip this test")
		}
		t.Skip("tmux is not installed: the journey on a real terminal is not tested")
	}
	term := &terminal{t: t, socket: filepath.Join(t.TempDir(), "tmux")}
	args := []string{"-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(cols), "-y", fmt.Sprint(rows)}
	for _, e := range environment {
		args = append(args, "-e", e)
	}
	term.tmux(append(args, "env", "PS1=shell$ ", "sh")...)
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", term.socket, "kill-server").Run() })
	term.tmux("set-option", "-g", "status", "off")
	term.tmux("set-option", "-sg", "escape-time", "0")
	term.sees(`shell\$`)
	return term
}

func (term *terminal) tmux(args ...string) string {
	term.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-S", term.socket}, args...)...)
	// The tests must not use the account of the person who runs them.
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "UP42_") }), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	require.NoError(term.t, err, "tmux %v: %s", args, out)
	return string(out)
}

// screen returns what the terminal shows now.
func (term *terminal) screen() string { return term.tmux("capture-pane", "-p") }

// sees waits until the screen matches.
func (term *terminal) sees(pattern string) string {
	term.t.Helper()
	return term.until("shows "+pattern, func(screen string) bool { return regexp.MustCompile(pattern).MatchString(screen) })
}

// loses waits until the screen does not match any more.
func (term *terminal) loses(pattern string) string {
	term.t.Helper()
	return term.until("no longer shows "+pattern, func(screen string) bool { return !regexp.MustCompile(pattern).MatchString(screen) })
}

func (term *terminal) until(what string, ok func(string) bool) string {
	term.t.Helper()
	ctx, cancel := context.WithTimeout(term.t.Context(), clitest.Patience)
	defer cancel()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		screen := term.screen()
		if ok(screen) {
			return screen
		}
		select {
		case <-ctx.Done():
			term.t.Fatalf("the screen never %s:\n%s", what, screen)
		case <-look.C:
		}
	}
}

// belongsTo waits until a program is in the foreground.
func (term *terminal) belongsTo(program string) {
	term.t.Helper()
	term.until("belongs to "+program, func(string) bool {
		return strings.TrimSpace(term.tmux("display-message", "-p", "#{pane_current_command}")) == program
	})
}

// receives waits until the first line is complete, and returns the address in it.
func (term *terminal) receives() string {
	term.t.Helper()
	line := regexp.MustCompile(`● (127\.0\.0\.1:\d+) .*\d\d:\d\d:\d\d`)
	return line.FindStringSubmatch(term.sees(line.String()))[1]
}

// press sends keys by their names in tmux.
func (term *terminal) press(keys ...string) {
	term.t.Helper()
	term.keys += len(keys)
	term.tmux(append([]string{"send-keys"}, keys...)...)
}

// types sends text as it is.
func (term *terminal) types(text string) {
	term.t.Helper()
	term.keys += utf8.RuneCountInString(text)
	term.tmux("send-keys", "-l", text)
}

// runs starts a command in the shell. The shell prints the exit code afterwards.
func (term *terminal) runs(command string) {
	term.t.Helper()
	term.types(command + "; echo ended with $?")
	term.press("Enter")
	term.keys = 0
}

// quits leaves the program, and checks that its exit code is 0 and that the
// terminal is as it was.
func (term *terminal) quits() {
	term.t.Helper()
	term.press("q")
	screen := term.until("asks, or has ended", func(screen string) bool {
		return strings.Contains(screen, "q again ends") || regexp.MustCompile(`(?m)^ended with`).MatchString(screen)
	})
	if strings.Contains(screen, "q again ends") {
		term.press("q")
	}
	// Until the shell's prompt is back, the program would get what is typed.
	assert.Regexp(term.t, `(?m)^ended with 0$`, term.sees(`(?m)^shell\$ *$`))
	assert.Equal(term.t, "0 1 0\n", term.tmux("display-message", "-p", "#{alternate_on} #{cursor_flag} #{mouse_any_flag}"), "the terminal is as it was")
	keys := term.keys
	term.types("echo still $((40+2)) here")
	term.press("Enter")
	term.sees(`still 42 here`)
	term.keys = keys
}

// A stopped program loses the terminal to the shell. With fg it takes it back.
func TestTheDashboardGoesOnAfterAStop(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	dir := t.TempDir()
	term := newTerminal(t, 100, 30, "XDG_STATE_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	term.types(program + " --listen 127.0.0.1:0")
	term.press("Enter")
	term.sees(`No event has come yet`)
	shell := strings.TrimSpace(term.tmux("display-message", "-p", "#{pane_pid}"))
	child, err := os.ReadFile("/proc/" + shell + "/task/" + shell + "/children")
	require.NoError(t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(string(child)))
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP))
		term.belongsTo("sh")
		term.types("stty sane; clear; fg")
		term.press("C-j") // the terminal is still in raw mode
		term.belongsTo("up42hooks")
		term.sees(`No event has come yet`)
		term.press("2")
		term.sees(`STATUS +ORDER`)
		term.press("1")
		term.sees(`STATUS +JOB`)
	}
	term.press("q", "q")
	term.sees(`(?m)^shell\$ *$`)
}

func TestJourneyOnARealTerminal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	term := newTerminal(t, 120, 36, "XDG_STATE_HOME="+dir, "XDG_CONFIG_HOME="+dir)

	term.runs(program + " --listen 127.0.0.1:0")
	address := term.receives()
	send := func(args ...string) {
		t.Helper()
		cmd := exec.Command(program, append([]string{"send", "--url", "http://" + address + "/receive-webhooks"}, args...)...)
		cmd.Env = append(os.Environ(), "XDG_STATE_HOME="+dir, "XDG_CONFIG_HOME="+dir)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}

	send("--event", "job.status", "--job-id", "sharpen-1", "--status", "RUNNING")
	send("--order-id", "alpine-1", "--status", "PLACED")
	send("--order-id", "alpine-1", "--status", "BEING_FULFILLED")
	send("--order-id", "coast-2", "--status", "FAILED_PERMANENTLY")
	term.press("1")
	term.sees(`RUNNING\s+sharpen-1`)
	term.press("2")
	term.sees(`BEING_FULFILLED\s+alpine-1`)
	term.sees(`FAILED_PERMANENT\S*\s+coast-2`)

	term.press("/")
	term.types("coast")
	term.loses(`alpine-1`)
	term.sees(`coast-2`)
	term.press("Enter")
	term.sees(`enter details`)
	term.press("Enter")
	term.sees(`Journey`)
	term.sees(`"orderId": *"coast-2"`)
	term.press("Escape")
	term.sees(`enter details`)
	term.press("Escape")
	term.sees(`alpine-1`)

	term.press("?")
	term.sees(`half a page down`)
	term.press("Escape")
	// Escape with a key directly after it would be one key with alt.
	term.loses(`half a page down`)

	term.press("3")
	term.sees(`(?s)(verified.*(order|job)\.status.*){4}`)

	term.tmux("resize-window", "-x", "80", "-y", "24")
	term.until("fits 80×24", func(s string) bool {
		return len(strings.Split(strings.TrimRight(s, "\n"), "\n")) <= 24 && strings.Contains(s, "quit")
	})
	term.tmux("resize-window", "-x", "40", "-y", "10")
	term.sees(`(?i)too small`)
	term.tmux("resize-window", "-x", "80", "-y", "24")
	term.loses(`(?i)too small`)

	term.quits()
}
