//go:build linux

package soak

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// The variables of a soak: how long it takes, how many events a second each of the two receivers gets,
// and the folder for the table and the graph.
const (
	soakTime = "UP42_SOAK"
	soakRate = "UP42_SOAK_RATE"
	soakOut  = "UP42_SOAK_OUT"
)

// Two receivers work side by side: `listen`, with a dashboard of another process that watches its store,
// and a dashboard with a receiver of its own. Both forward each event, to a target that fails now and
// then, and delete old ones. The secrets of the first are changed and read again (SIGHUP), keys are
// pressed on both screens, and these are resized. Memory, goroutines, files and the write-ahead log
// must not grow. Without the variable it takes a second, which only shows that it works.
func TestSoak(t *testing.T) {
	length, rate := clitest.Length(t, soakTime, time.Second), clitest.Count(t, soakRate, 50)
	var all []*watched
	var senders []*sender
	keep := max(200, rate*int(length.Seconds())/10)
	forwards := newTarget(t)

	secrets := filepath.Join(t.TempDir(), "secrets")
	writeSecrets(t, secrets, 0)
	env := clitest.Home(t)
	listener := clitest.Receive(t, env, nil, "--secret-file", secrets, "--admin", "127.0.0.1:0", "--keep-events", strconv.Itoa(keep), "--forward-to", forwards.URL+"/a")
	admin, ok := listener.Stderr.Await(`showing health and metrics" url=(\S+)`)
	require.True(t, ok)
	all = append(all, watch(t, "receiver", listener.Cmd.Process.Pid, clitest.StoreOf(env), admin))
	viewer := onScreen(t, env, "watch", "--secret-file", secrets)
	all = append(all, watch(t, "viewer", viewer.cmd.Process.Pid, "", ""))
	senders = append(senders, deliver(t, listener.URL, rate))

	own := clitest.WithSecret(clitest.Home(t))
	logFile := filepath.Join(t.TempDir(), "log")
	dashboard := onScreen(t, own, "watch", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--log", logFile,
		"--keep-events", strconv.Itoa(keep), "--forward-to", forwards.URL+"/b")
	all = append(all, watch(t, "dashboard", dashboard.cmd.Process.Pid, clitest.StoreOf(own), adminIn(t, logFile)))
	senders = append(senders, deliver(t, dashboard.url(t), rate))

	var working sync.WaitGroup
	over := make(chan struct{})
	working.Go(func() { viewer.use(over) })
	working.Go(func() { dashboard.use(over) })
	working.Go(func() { reload(t, listener, secrets, max(length/100, 500*time.Millisecond), over) })
	for began := time.Now(); time.Since(began) < length || len(all[0].at) < 3; { // there is a sample of each third
		for _, w := range all {
			w.sample(t, time.Since(began))
		}
		retry.Sleep(t.Context(), max(length/200, 50*time.Millisecond))
	}
	close(over)
	working.Wait()
	for _, s := range senders {
		s.stop()
	}
	report(t, all, senders, forwards, length, rate)
	for _, w := range all {
		w.check(t)
	}
	viewer.ends(t)
	dashboard.ends(t)
	checkStores(t, listener, env, own)
	forwards.check(t, senders)
}

// writeSecrets writes the secrets: the one that counts, and another one that changes.
func writeSecrets(t *testing.T, file string, n int) {
	require.NoError(t, os.WriteFile(file+".new", fmt.Appendf(nil, "%s\nanother secret, number %d\n", clitest.Secret, n), 0o600))
	require.NoError(t, os.Rename(file+".new", file))
}

// reload changes the secrets, and has the receiver read them again.
func reload(t *testing.T, p *clitest.Process, file string, pause time.Duration, over <-chan struct{}) {
	for n := 1; ; n++ {
		select {
		case <-over:
			return
		case <-time.After(pause):
		}
		writeSecrets(t, file, n)
		p.Signal(syscall.SIGHUP)
	}
}

// adminIn waits until a log says where the metrics are.
func adminIn(t *testing.T, file string) (url string) {
	t.Helper()
	said := regexp.MustCompile(`showing health and metrics" url=(\S+)`)
	require.Eventually(t, func() bool {
		text, _ := os.ReadFile(file)
		found := said.FindSubmatch(text)
		if found != nil {
			url = string(found[1])
		}
		return found != nil
	}, clitest.Patience, 10*time.Millisecond)
	return url
}

// checkStores ends the receiver, and checks what is in the stores.
func checkStores(t *testing.T, receiver *clitest.Process, envs ...[]string) {
	t.Helper()
	receiver.Signal(syscall.SIGTERM)
	receiver.Finish(t)
	for _, env := range envs {
		out, said, code := clitest.Run(t, env, "store", "verify")
		assert.Zero(t, code, out+said)
	}
}

// report prints a table, and writes it and the graph into a folder, if one is named.
func report(t *testing.T, all []*watched, senders []*sender, forwards *target, length time.Duration, rate int) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s at 2 × %d events a second: %d and %d deliveries accepted, %d forwarded\n\n", length, rate, senders[0].accepted.Load(), senders[1].accepted.Load(), forwards.taken.Load())
	for _, w := range all {
		w.table(&b)
	}
	fmt.Print(b.String())
	if out := os.Getenv(soakOut); out != "" {
		require.NoError(t, os.MkdirAll(out, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(out, "soak.txt"), []byte(b.String()), 0o644))
		require.NoError(t, os.WriteFile(filepath.Join(out, "soak.svg"), []byte(graph(all)), 0o644))
	}
}
