package clitest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
)

// Patience bounds every wait of these tests. It is long for the sake of slow
// machines; a test that passes never waits that long.
const Patience = 90 * time.Second

// transcript collects what a process writes. Tests can wait for a text in it.
type transcript struct {
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{}
}

func newTranscript() *transcript { return &transcript{changed: make(chan struct{})} }

func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.changed)
	t.changed = make(chan struct{})
	return t.text.Write(p)
}

func (t *transcript) look() (string, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String(), t.changed
}

func (t *transcript) String() string {
	s, _ := t.look()
	return s
}

// Await waits until a pattern matches the transcript. It returns the first group
// of the match, or all of it. ok is false if it does not match in time.
func (t *transcript) Await(pattern string) (match string, ok bool) {
	return t.await(pattern, func() string { return "" })
}

// await also looks at another text, which has changed if t has.
func (t *transcript) await(pattern string, other func() string) (match string, ok bool) {
	re := regexp.MustCompile("(?m)" + pattern)
	late := time.NewTimer(Patience)
	defer late.Stop()
	for {
		text, changed := t.look()
		for _, text := range []string{text, other()} {
			if m := re.FindStringSubmatch(text); m != nil {
				return m[len(m)-1], true
			}
		}
		select {
		case <-changed:
		case <-late.C:
			return "", false
		}
	}
}

// Process is a running up42hooks.
type Process struct {
	Cmd            *exec.Cmd
	Stdout, Stderr *transcript
	// URL is where a receiver accepts deliveries.
	URL  string
	Done chan struct{}
}

// Start starts up42hooks with exactly this environment. If stdout is nil, the
// output goes to Process.Stdout.
func Start(env []string, stdout io.Writer, args ...string) (*Process, error) {
	cmd := exec.Command("up42hooks", args...)
	cmd.Env, cmd.Stdout = env, stdout
	return start(cmd)
}

// StartCommand starts a command whose program is up42hooks. The end of the test kills it.
func StartCommand(t *testing.T, cmd *exec.Cmd) *Process {
	t.Helper()
	p, err := start(cmd)
	require.NoError(t, err)
	t.Cleanup(func() {
		p.Signal(syscall.SIGKILL)
		<-p.Done
	})
	return p
}

func start(cmd *exec.Cmd) (*Process, error) {
	p := &Process{Cmd: cmd, Stdout: newTranscript(), Stderr: newTranscript(), Done: make(chan struct{})}
	cmd.Stderr = p.Stderr
	if cmd.Stdout == nil {
		cmd.Stdout = p.Stdout
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.Done)
		_ = cmd.Wait()
	}()
	return p, nil
}

// Wait waits for the end and returns the exit code, -1 if the process was killed.
// ok is false if it does not end in time.
func (p *Process) Wait() (code int, ok bool) {
	late := time.NewTimer(Patience)
	defer late.Stop()
	select {
	case <-p.Done:
		return p.Cmd.ProcessState.ExitCode(), true
	case <-late.C:
		return 0, false
	}
}

// Signal sends a signal.
func (p *Process) Signal(s os.Signal) { _ = p.Cmd.Process.Signal(s) }

// Home is the environment of a user with an empty home.
func Home(t *testing.T) []string {
	t.Helper()
	env := []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", QuickEnd}
	if testing.CoverMode() != "" {
		// Without it, a process with coverage prints a warning.
		env = append(env, "GOCOVERDIR="+t.TempDir())
	}
	return env
}

// QuickEnd is a variable: with it, a program that has the race detector does not
// sleep for a second at its end.
const QuickEnd = "GORACE=atexit_sleep_ms=0"

// StoreOf is the default store in an environment of Home.
func StoreOf(env []string) string {
	return filepath.Join(strings.TrimPrefix(env[0], "HOME="), ".local/state/up42hooks/events.db")
}

// Receive starts `listen` on a free port and waits until it receives. The end of
// the test kills it.
func Receive(t *testing.T, env []string, stdout io.Writer, args ...string) *Process {
	t.Helper()
	p, err := Start(env, stdout, append([]string{"listen", "--listen", "127.0.0.1:0"}, args...)...)
	require.NoError(t, err)
	t.Cleanup(func() {
		p.Signal(syscall.SIGKILL)
		<-p.Done
	})
	url, ok := p.Stderr.Await(`receiving deliveries" url=(\S+)`)
	require.True(t, ok, "listen said: %s", p.Stderr)
	p.URL = url
	return p
}

// Finish waits for the end and requires exit code 0.
func (p *Process) Finish(t *testing.T) {
	t.Helper()
	code, ok := p.Wait()
	require.True(t, ok, "it does not end; it said: %s", p.Stderr)
	require.Zero(t, code, "it said: %s", p.Stderr)
}

// Run runs a command to its end.
func Run(t *testing.T, env []string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "up42hooks", args...)
	var out, errs strings.Builder
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &out, &errs
	_ = cmd.Run()
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// WithUP42 is the environment of a user with an account at a server that plays
// UP42.
func WithUP42(t *testing.T, up42 http.Handler) []string {
	t.Helper()
	server := httptest.NewServer(up42)
	t.Cleanup(server.Close)
	return append(Home(t), "UP42_API_URL="+server.URL, "UP42_AUTH_URL="+server.URL,
		"UP42_USERNAME="+simulator.Username, "UP42_PASSWORD="+simulator.Password)
}
