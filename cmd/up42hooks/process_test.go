package main

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

// patience bounds every wait of these tests. It is far longer than anything
// takes, for slow machines; nothing waits for it to pass.
const patience = 30 * time.Second

// transcript collects what a process writes and lets tests wait for it.
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

// await waits until the pattern is in the transcript and returns its first
// group, or all of it; ok is false where it never came.
func (t *transcript) await(pattern string) (match string, ok bool) {
	re := regexp.MustCompile("(?m)" + pattern)
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		text, changed := t.look()
		if m := re.FindStringSubmatch(text); m != nil {
			return m[len(m)-1], true
		}
		select {
		case <-changed:
		case <-late.C:
			return "", false
		}
	}
}

// process is a running up42hooks.
type process struct {
	cmd            *exec.Cmd
	stdout, stderr *transcript
	// url is where a receiver takes deliveries.
	url  string
	done chan struct{}
}

// start runs up42hooks with the environment given and nothing else of ours.
// Where stdout is nil it is a transcript, otherwise that is used.
func start(env []string, stdout io.Writer, args ...string) (*process, error) {
	p := &process{stdout: newTranscript(), stderr: newTranscript(), done: make(chan struct{})}
	p.cmd = exec.Command("up42hooks", args...)
	p.cmd.Env = env
	p.cmd.Stderr = p.stderr
	if p.cmd.Stdout = stdout; stdout == nil {
		p.cmd.Stdout = p.stdout
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.done)
		_ = p.cmd.Wait()
	}()
	return p, nil
}

// wait waits for the end and returns the exit code, -1 where it was killed.
func (p *process) wait() (code int, ok bool) {
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-p.done:
		return p.cmd.ProcessState.ExitCode(), true
	case <-late.C:
		return 0, false
	}
}

func (p *process) signal(s os.Signal) { _ = p.cmd.Process.Signal(s) }

// home is the environment of a user with nothing in her home.
func home(t *testing.T) []string {
	t.Helper()
	return []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", quickEnd}
}

// quickEnd keeps a program with the race detector in it from sleeping for a
// second at its end.
const quickEnd = "GORACE=atexit_sleep_ms=0"

func storeOf(env []string) string {
	return filepath.Join(strings.TrimPrefix(env[0], "HOME="), ".local/state/up42hooks/events.db")
}

// receive starts `listen` on a free port and waits until it receives. It is
// killed at the end of the test, where it still runs.
func receive(t *testing.T, env []string, stdout io.Writer, args ...string) *process {
	t.Helper()
	p, err := start(env, stdout, append([]string{"listen", "--listen", "127.0.0.1:0"}, args...)...)
	require.NoError(t, err)
	t.Cleanup(func() {
		p.signal(syscall.SIGKILL)
		<-p.done
	})
	url, ok := p.stderr.await(`receiving deliveries" url=(\S+)`)
	require.True(t, ok, "listen said: %s", p.stderr)
	p.url = url
	return p
}

// finish waits for an end with exit code 0.
func (p *process) finish(t *testing.T) {
	t.Helper()
	code, ok := p.wait()
	require.True(t, ok, "it does not end; it said: %s", p.stderr)
	require.Zero(t, code, "it said: %s", p.stderr)
}

// up42hooks runs a command to its end.
func up42hooks(t *testing.T, env []string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "up42hooks", args...)
	var out, errs strings.Builder
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &out, &errs
	_ = cmd.Run()
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// withUP42 is the environment of a user with an account at a simulated UP42.
func withUP42(t *testing.T, up42 http.Handler) []string {
	t.Helper()
	server := httptest.NewServer(up42)
	t.Cleanup(server.Close)
	return append(home(t), "UP42_API_URL="+server.URL, "UP42_AUTH_URL="+server.URL,
		"UP42_USERNAME="+simulator.Username, "UP42_PASSWORD="+simulator.Password)
}
