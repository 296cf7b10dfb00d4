//go:build unix

package tunnel_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/tunnel"
)

// tooLong is when a test fails. No test waits that long otherwise.
const tooLong = 30 * time.Second

// rig is a tunnel that runs this test binary as its program.
type rig struct {
	t      *testing.T
	tunnel *tunnel.Tunnel
	states chan tunnel.State
	log    bytes.Buffer // to be read after stop
	stop   func()
}

func start(t *testing.T, p tunnel.Program, mode string, change ...func(tunnel.Options) tunnel.Options) *rig {
	t.Helper()
	t.Setenv(modeVariable, mode)
	t.Setenv(fileVariable, filepath.Join(t.TempDir(), "notes"))
	t.Setenv("HOME", t.TempDir())
	r := &rig{t: t, states: make(chan tunnel.State, 100)}
	o := tunnel.Options{
		Program: p, Path: os.Args[0], Address: "127.0.0.1:9888",
		OnState: func(s tunnel.State) { r.states <- s }, Logger: slog.New(slog.NewTextHandler(&r.log, nil)),
	}
	o = o.WithWait(func(int) time.Duration { return time.Millisecond })
	for _, f := range change {
		o = f(o)
	}
	var err error
	r.tunnel, err = tunnel.New(o)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.tunnel.Run(ctx) }()
	stopped := false
	r.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		require.NoError(t, <-done)
		assert.Equal(t, tunnel.State{}, r.tunnel.State())
	}
	t.Cleanup(r.stop)
	return r
}

// next waits for the next state.
func (r *rig) next() tunnel.State {
	r.t.Helper()
	select {
	case s := <-r.states:
		return s
	case <-time.After(tooLong):
		require.Fail(r.t, "there is no next state")
		return tunnel.State{}
	}
}

// ended waits for the next state after the end of the program, and returns its error.
func (r *rig) ended() string {
	r.t.Helper()
	for {
		if s := r.next(); s.Last == "" && s.Err != nil && (strings.Contains(s.Err.Error(), " ended") || strings.Contains(s.Err.Error(), " within ")) {
			return s.Err.Error()
		}
	}
}

func TestATunnelHasAURLAndEndsWithRun(t *testing.T) {
	t.Setenv("UP42_PASSWORD", "hidden")
	t.Setenv("NGROK_AUTHTOKEN", "needed")
	for _, tc := range []struct {
		program      tunnel.Program
		listen       string
		url, command string
	}{
		{tunnel.Cloudflared, "127.0.0.1:9888", "https://quiet-sea-one.trycloudflare.com", "tunnel --no-autoupdate --loglevel info --url http://127.0.0.1:9888"},
		{tunnel.Cloudflared, ":9888", "https://quiet-sea-one.trycloudflare.com", "tunnel --no-autoupdate --loglevel info --url http://127.0.0.1:9888"},
		{tunnel.Cloudflared, "0.0.0.0:9888", "https://quiet-sea-one.trycloudflare.com", "tunnel --no-autoupdate --loglevel info --url http://127.0.0.1:9888"},
		{tunnel.Ngrok, "[::]:9888", "https://sea.ngrok-free.app", "http [::1]:9888 --log stdout --log-format json --log-level info"},
	} {
		t.Run(string(tc.program)+tc.listen, func(t *testing.T) {
			r := start(t, tc.program, string(tc.program), func(o tunnel.Options) tunnel.Options { o.Address = tc.listen; return o })
			assert.Equal(t, tunnel.State{URL: tc.url, Last: tc.url}, r.next())
			assert.Equal(t, tc.url, r.tunnel.State().URL)
			notes := noted()
			assert.Contains(t, notes, tc.command)
			if tc.program == tunnel.Cloudflared {
				assert.Contains(t, notes, "env NGROK_AUTHTOKEN=needed")
				assert.NotContains(t, notes, "hidden")
			}
			pid := lastRun(t)
			require.NoError(t, syscall.Kill(pid, 0), "it runs")
			r.stop()
			assert.True(t, isGone(pid), "it has ended")
			assert.Contains(t, r.log.String(), tc.url)
		})
	}
}

// lastRun returns the id of the process that was started last.
func lastRun(t *testing.T) int {
	t.Helper()
	all := regexp.MustCompile(`(?m)^run (\d+)`).FindAllStringSubmatch(noted(), -1)
	require.NotEmpty(t, all)
	pid, err := strconv.Atoi(all[len(all)-1][1])
	require.NoError(t, err)
	return pid
}

// isGone reports whether a process has ended. It may be a zombie.
func isGone(pid int) bool {
	if err := syscall.Kill(pid, 0); err != nil {
		return true
	}
	state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(state), ") Z ")
}

func TestAProgramThatDiesIsRestarted(t *testing.T) {
	var failures []int
	r := start(t, tunnel.Cloudflared, "dies", func(o tunnel.Options) tunnel.Options {
		return o.WithWait(func(n int) time.Duration {
			failures = append(failures, n)
			return time.Millisecond
		})
	})
	for life := 1; ; life++ {
		assert.Equal(t, fmt.Sprintf("https://life-%d.trycloudflare.com", life), r.next().URL)
		if life == 3 {
			break
		}
		assert.Equal(t, `cloudflared ended: exit status 1: Error unmarshaling QuickTunnel response error="Post \"https://api.trycloudflare.com/tunnel\": no" ?[31m`, r.ended())
	}
	r.stop()
	assert.Equal(t, []int{1, 2}, failures)
}

func TestAProgramWithoutAURLIsRestarted(t *testing.T) {
	r := start(t, tunnel.Cloudflared, "silent", func(o tunnel.Options) tunnel.Options { return o.WithTimeouts(time.Second, time.Hour) })
	assert.ErrorContains(t, r.next().Err, "Error unmarshaling", "it is shown at once")
	assert.Contains(t, r.ended(), "gave no public URL within 1s: Error unmarshaling")
	assert.Contains(t, r.ended(), "gave no public URL")
}

func TestAnErrorHasNoToken(t *testing.T) {
	r := start(t, tunnel.Ngrok, "refused")
	assert.EqualError(t, r.next().Err, "ERR_NGROK_105: see https://ngrok.com/docs/errors/err_ngrok_105")
	assert.Equal(t, "ngrok ended: exit status 1: ERR_NGROK_105: see https://ngrok.com/docs/errors/err_ngrok_105", r.ended())
	r.stop()
	assert.NotContains(t, r.log.String(), "SECRET")
}

func TestAURLAfterAFloodIsFound(t *testing.T) {
	r := start(t, tunnel.Cloudflared, "floods")
	assert.Equal(t, "https://after-the-flood.trycloudflare.com", r.next().URL)
}

func TestAProgramThatIgnoresSIGTERMIsKilledWithItsChildren(t *testing.T) {
	r := start(t, tunnel.Cloudflared, "stubborn")
	assert.Equal(t, "https://deaf.trycloudflare.com", r.next().URL)
	child := lastRun(t)
	r.stop()
	assert.Eventually(t, func() bool { return isGone(child) }, tooLong, time.Millisecond)
}

// runOwner is a program that runs a tunnel until it is killed.
func runOwner() {
	if err := os.Setenv(modeVariable, "cloudflared"); err != nil {
		panic(err)
	}
	t, err := tunnel.New(tunnel.Options{
		Program: tunnel.Cloudflared, Path: os.Args[0], Address: "127.0.0.1:9888",
		OnState: func(s tunnel.State) { note("state %s", s.URL) },
	})
	if err != nil {
		panic(err)
	}
	_ = t.Run(context.Background())
}

func TestAProgramEndsIfItsOwnerIsKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux ends a program with its parent")
	}
	t.Setenv(fileVariable, filepath.Join(t.TempDir(), "notes"))
	owner := exec.Command(os.Args[0])
	owner.Env = append(os.Environ(), modeVariable+"=owner")
	require.NoError(t, owner.Start())
	assert.Eventually(t, func() bool { return strings.Contains(noted(), "state https://quiet") }, tooLong, time.Millisecond)
	program := lastRun(t)
	assert.NotEqual(t, owner.Process.Pid, program)
	require.NoError(t, owner.Process.Kill())
	_ = owner.Wait()
	assert.Eventually(t, func() bool { return isGone(program) }, tooLong, time.Millisecond)
}

func TestNewReturnsWhatIsMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	file := filepath.Join(t.TempDir(), "no-program")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, tc := range []struct {
		o    tunnel.Options
		want string
	}{
		{tunnel.Options{Program: tunnel.Cloudflared, Address: "127.0.0.1:1"}, "cloudflared is not installed: see https://developers.cloudflare.com/"},
		{tunnel.Options{Program: tunnel.Ngrok, Address: "127.0.0.1:1"}, "ngrok is not installed: see https://ngrok.com/download"},
		{tunnel.Options{Program: "bore", Address: "127.0.0.1:1"}, `unknown tunnel program "bore": want cloudflared or ngrok`},
		{tunnel.Options{Program: tunnel.Ngrok, Path: file, Address: "127.0.0.1:1"}, "ngrok can't be run: permission denied"},
		{tunnel.Options{Program: tunnel.Ngrok, Path: os.Args[0], Address: "localhost"}, `not "localhost"`},
		{tunnel.Options{Program: tunnel.Ngrok, Path: os.Args[0], Address: "127.0.0.1:0"}, `not "127.0.0.1:0"`},
	} {
		_, err := tunnel.New(tc.o)
		require.ErrorContains(t, err, tc.want)
		assert.NotContains(t, err.Error(), "\n")
	}
}

func TestTheWaitGrowsToAMinute(t *testing.T) {
	for failures, longest := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 7: time.Minute, 1000: time.Minute} {
		for range 100 {
			wait := tunnel.Wait(failures)
			assert.LessOrEqual(t, wait, longest)
			assert.GreaterOrEqual(t, wait, longest/2)
		}
	}
}
