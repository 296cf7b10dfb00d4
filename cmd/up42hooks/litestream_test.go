package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// litestream runs the real Litestream, with a replica in a folder.
type litestream struct {
	t                      *testing.T
	program, conf, replica string
}

func newLitestream(t *testing.T, store string) *litestream {
	t.Helper()
	program, err := exec.LookPath("litestream")
	if err != nil {
		t.Skip("litestream is not installed: go install github.com/benbjohnson/litestream/cmd/litestream@v0.5.18")
	}
	dir := t.TempDir()
	l := &litestream{t: t, program: program, conf: filepath.Join(dir, "litestream.yml"), replica: filepath.Join(dir, "replica")}
	conf := fmt.Sprintf("dbs:\n  - path: %s\n    min-checkpoint-page-count: 20\n    replicas:\n      - type: file\n        path: %s\n        sync-interval: 50ms\n", store, l.replica)
	require.NoError(t, os.WriteFile(l.conf, []byte(conf), 0o600))
	return l
}

// replicate replicates until stop is called.
func (l *litestream) replicate() (stop func()) {
	l.t.Helper()
	cmd := exec.Command(l.program, "replicate", "-config", l.conf)
	require.NoError(l.t, cmd.Start())
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			_ = cmd.Process.Signal(syscall.SIGTERM)
			_ = cmd.Wait()
		}
	}
	l.t.Cleanup(stop)
	require.Eventually(l.t, func() bool {
		for _, snapshots := range []string{"generations/*/snapshots/*", "ltx/*/*.ltx"} { // of 0.3 and 0.5
			if found, _ := filepath.Glob(filepath.Join(l.replica, snapshots)); len(found) > 0 {
				return true
			}
		}
		return false
	}, clitest.Patience, 10*time.Millisecond, "it makes a snapshot")
	return stop
}

func (l *litestream) restore(store, to string) {
	l.t.Helper()
	out, err := exec.Command(l.program, "restore", "-config", l.conf, "-o", to, store).CombinedOutput()
	require.NoError(l.t, err, "%s", out)
}

// A running store is replicated. After the disk is gone, the replica has each delivery that was
// answered, and a receiver goes on with it.
func TestLitestreamReplicatesARunningStore(t *testing.T) {
	home := clitest.Home(t)
	store := filepath.Join(t.TempDir(), "disk", "events.db")
	l := newLitestream(t, store)
	env := clitest.WithSecret(home)
	r := clitest.Receive(t, env, nil, "--store", store, "--replicated")
	client := clitest.HTTPClient(t)
	send := func(r *clitest.Process, from, to int) {
		for i := from; i < to; i++ {
			status, answer, err := clitest.Deliver(client, r.URL, clitest.Secret, clitest.Delivery(fmt.Sprint("m", i), fmt.Sprint("o", i), "PLACED"))
			require.NoError(t, err)
			require.Equal(t, 200, status, answer)
		}
	}
	send(r, 0, 20)
	stop := l.replicate()
	send(r, 20, 150) // Litestream copies the log into the file meanwhile
	stop()           // it writes what is left
	r.Signal(syscall.SIGKILL)
	<-r.Done
	require.NoError(t, os.RemoveAll(filepath.Dir(store)))

	restored := filepath.Join(t.TempDir(), "events.db")
	l.restore(store, restored)
	out, _, _ := clitest.Run(t, env, "store", "verify", "--json", "--store", restored)
	assert.Contains(t, out, `"events":150,"rows":150,"problems":[]`)
	r = clitest.Receive(t, env, nil, "--store", restored, "--replicated")
	send(r, 149, 151)
	out, _, _ = clitest.Run(t, env, "store", "info", "--json", "--store", restored)
	assert.Contains(t, out, `"events":151,`)
}

// Without the setting a receiver takes it for damage, and says what to do.
func TestLitestreamNeedsItsSetting(t *testing.T) {
	home := clitest.Home(t)
	store := filepath.Join(t.TempDir(), "events.db")
	l := newLitestream(t, store)
	r := clitest.Receive(t, clitest.WithSecret(home), nil, "--store", store)
	l.replicate()
	_, ok := r.Stderr.Await("the store is damaged.*the receiver needs --replicated")
	require.True(t, ok, r.Stderr.String())
}
