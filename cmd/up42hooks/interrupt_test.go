package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// interrupted are commands that wait for something, and those that run until they are ended.
var interrupted = []string{
	"listen --listen 127.0.0.1:0", "watch --listen 127.0.0.1:0",
	"demo", "simulate --addr 127.0.0.1:0", "events", "events --follow", "events get 1", "events admit --all", "orders", "jobs",
	"webhooks list", "webhooks get x", "webhooks events", "webhooks create --name x --url https://x.example --events order.status",
	"webhooks delete x --yes", "webhooks update x --inactive", "webhooks test x", "doctor --listen 127.0.0.1:0", "config", "version", "health --admin ADDRESS",
	"send --url URL", "send --url URL --repeat 1000 --rate 10", "verify", "store info", "store verify", "store import", "store export", "store repair", "store compact",
	"forward --to URL", "forward --exec /bin/cat",
}

// Whenever a command is interrupted, it speaks as to a person: without errors of Go.
func TestInterruptedCommandsSpeakPlainly(t *testing.T) {
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(func() {
		slow.CloseClientConnections()
		slow.Close()
	})
	store := filledStore(t)
	for _, command := range interrupted {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			for _, after := range []time.Duration{60, 250} {
				home := clitest.Home(t)
				env := append(clitest.WithSecret(home), "UP42_API_URL="+slow.URL, "UP42_AUTH_URL="+slow.URL, "UP42_USERNAME=ada", "UP42_PASSWORD=lovelace")
				file := filepath.Join(t.TempDir(), "events.db")
				require.NoError(t, os.WriteFile(file, store, 0o600))
				env = append(env, "UP42_STORE="+file)
				command := strings.NewReplacer("URL", slow.URL, "ADDRESS", strings.TrimPrefix(slow.URL, "http://")).Replace(command)
				interrupt(t, env, after*time.Millisecond, strings.Fields(command)...)
			}
		})
	}
}

// interrupt runs a command whose standard input is open, interrupts it after a while, and checks
// what it says.
func interrupt(t *testing.T, env []string, after time.Duration, args ...string) {
	t.Helper()
	in, w, err := os.Pipe()
	require.NoError(t, err)
	defer in.Close()
	defer w.Close()
	cmd := exec.Command("up42hooks", args...)
	cmd.Env = env
	cmd.Stdin = in
	p := clitest.StartCommand(t, cmd)
	select {
	case <-p.Done:
	case <-time.After(after): // any moment will do
		p.Signal(syscall.SIGINT)
	}
	code, ok := p.Wait()
	require.True(t, ok, "%s does not end", args)
	said := p.Stderr.String()
	for _, word := range []string{"context", "canceled", "deadline", "interrupted (9)", "signal:", "goroutine", "use of closed", "panic"} {
		assert.NotContains(t, said, word, "%s after %v, exit code %d", args, after, code)
	}
	assert.Contains(t, []int{0, 1, -1}, code, "%s after %v: %s", args, after, said)
}

// filledStore makes a store with events and returns its bytes.
func filledStore(t *testing.T) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "events.db")
	log, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.NoError(t, err)
	for _, status := range []receiver.Status{"PLACED", "BEING_FULFILLED", "FULFILLED"} {
		_, err := log.Append(t.Context(), receivertest.Order("order-1", status))
		require.NoError(t, err)
	}
	require.NoError(t, log.Close())
	store, err := os.ReadFile(file)
	require.NoError(t, err)
	return store
}
