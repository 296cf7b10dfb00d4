package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// sendOrders delivers events of new orders, and returns how many were answered 200
// before another answer.
func sendOrders(t *testing.T, p *clitest.Process, name string, n int) (answered int) {
	t.Helper()
	client := clitest.HTTPClient(t)
	for i := range n {
		id := fmt.Sprintf("%s-%d", name, i)
		status, _, err := clitest.Deliver(client, p.URL, clitest.Secret, clitest.Delivery(id, "order-"+id, "PLACED"))
		require.NoError(t, err)
		if status != http.StatusOK {
			require.Equal(t, http.StatusServiceUnavailable, status)
			return i
		}
	}
	return n
}

// anyAdmin lets the system choose where the admin address is.
var anyAdmin = []string{"--admin", "127.0.0.1:0"}

// readiness is what /readyz of a receiver with anyAdmin answers.
func readiness(t *testing.T, p *clitest.Process) (status int, text string) {
	t.Helper()
	admin, ok := p.Stderr.Await(`showing health and metrics" url=(\S+)`)
	require.True(t, ok, p.Stderr)
	resp, err := clitest.HTTPClient(t).Get(admin + "/readyz")
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(body)
}

// A store that was damaged while a receiver runs takes no deliveries until its owner
// repairs it, also after a kill and a restart. Nothing that was answered is lost without
// a word.
func TestADamagedStoreIsRefusedUntilItIsRepaired(t *testing.T) {
	for what, damage := range map[string]func(t *testing.T, store string){
		"the log emptied":  func(t *testing.T, s string) { require.NoError(t, os.Truncate(s+"-wal", 0)) },
		"the log cut":      func(t *testing.T, s string) { require.NoError(t, os.Truncate(s+"-wal", 50_000)) },
		"the file emptied": func(t *testing.T, s string) { require.NoError(t, os.Truncate(s, 0)) },
		"the file overwritten": func(t *testing.T, s string) {
			f, err := os.OpenFile(s, os.O_WRONLY, 0)
			require.NoError(t, err)
			_, err = f.WriteAt(make([]byte, 20_000), 9000)
			require.NoError(t, err)
			require.NoError(t, f.Close())
		},
	} {
		for _, killed := range []bool{false, true} {
			if killed && what != "the log cut" {
				continue // not tried, to keep the test short
			}
			t.Run(fmt.Sprint(what, ", killed before it is noticed: ", killed), func(t *testing.T) {
				t.Parallel()
				env := clitest.WithSecret(clitest.Home(t))
				store := clitest.StoreOf(env)
				p := clitest.Receive(t, env, nil, anyAdmin...)
				require.Equal(t, 20, sendOrders(t, p, "before", 20))
				p.Signal(syscall.SIGTERM)
				p.Finish(t)
				p = clitest.Receive(t, env, nil, anyAdmin...)
				require.Equal(t, 20, sendOrders(t, p, "after", 20))
				if killed {
					p.Signal(syscall.SIGKILL)
					<-p.Done
					damage(t, store)
				} else {
					damage(t, store)
					assert.Zero(t, sendOrders(t, p, "torn", 5))
					refuses(t, p)
					p.Signal(syscall.SIGTERM)
					<-p.Done
				}
				restartRefuses(t, env)
				_, stderr, code := clitest.Run(t, env, "store", "repair")
				require.Zero(t, code, stderr)
				assert.Contains(t, stderr, "the damaged file is kept as "+store+".damaged-")
				p = clitest.Receive(t, env, nil, anyAdmin...)
				assert.Equal(t, 5, sendOrders(t, p, "new", 5))
				status, _ := readiness(t, p)
				assert.Equal(t, http.StatusOK, status)
				_, stderr, code = clitest.Run(t, env, "store", "verify")
				assert.Zero(t, code, stderr)
			})
		}
	}
}

// Files that are gone, or have others in their place, can be put back while the receiver
// runs. After that what was answered is missed.
func TestAStoreWhoseFilesAreGone(t *testing.T) {
	for what, c := range map[string]struct {
		remove func(t *testing.T, store string)
		saved  bool // by an end in order
	}{
		"the log":  {func(t *testing.T, s string) { require.NoError(t, os.Remove(s+"-wal")) }, true},
		"the file": {func(t *testing.T, s string) { require.NoError(t, os.Remove(s)) }, false},
		"the file replaced": {func(t *testing.T, s string) {
			require.NoError(t, os.WriteFile(s+".other", nil, 0o600))
			require.NoError(t, os.Rename(s+".other", s))
		}, false},
	} {
		for _, killed := range []bool{false, true} {
			if killed && !c.saved {
				continue // an end in order saves nothing either
			}
			t.Run(fmt.Sprint(what, ", killed: ", killed), func(t *testing.T) {
				t.Parallel()
				env := clitest.WithSecret(clitest.Home(t))
				store := clitest.StoreOf(env)
				p := clitest.Receive(t, env, nil, anyAdmin...)
				require.Equal(t, 20, sendOrders(t, p, "before", 20))
				c.remove(t, store)
				require.Eventually(t, func() bool {
					status, _ := readiness(t, p)
					return status == http.StatusServiceUnavailable
				}, time.Minute, 50*time.Millisecond, "no delivery is needed")
				assert.Zero(t, sendOrders(t, p, "torn", 5))
				if killed {
					p.Signal(syscall.SIGKILL)
				} else {
					p.Signal(syscall.SIGTERM)
				}
				<-p.Done
				if c.saved && !killed {
					stdout, stderr, code := clitest.Run(t, env, "events", "--json")
					require.Zero(t, code, stderr)
					assert.Equal(t, 20, strings.Count(stdout, "\n"))
					return
				}
				restartRefuses(t, env)
				_, stderr, code := clitest.Run(t, env, "store", "repair")
				require.Zero(t, code, stderr)
				p = clitest.Receive(t, env, nil, anyAdmin...)
				assert.Equal(t, 5, sendOrders(t, p, "new", 5))
				stdout, _, _ := clitest.Run(t, env, "events", "--json", "--limit", "1")
				assert.Contains(t, stdout, `"seq":25,`, "no number is used twice")
			})
		}
	}
}

// refuses checks that a receiver is not ready, and that its owner is told why.
func refuses(t *testing.T, p *clitest.Process) {
	t.Helper()
	status, text := readiness(t, p)
	assert.Equal(t, http.StatusServiceUnavailable, status)
	assert.Contains(t, text, "is damaged")
	_, ok := p.Stderr.Await("the store is damaged.*store repair")
	assert.True(t, ok, p.Stderr)
}

// restartRefuses checks that a receiver on a damaged store does not start, or takes
// nothing.
func restartRefuses(t *testing.T, env []string) {
	t.Helper()
	p, err := clitest.Start(env, nil, append([]string{"listen", "--listen", "127.0.0.1:0"}, anyAdmin...)...)
	require.NoError(t, err)
	defer func() {
		p.Signal(syscall.SIGKILL)
		<-p.Done
	}()
	said, ok := p.Stderr.Await(`^up42hooks: .*store repair|receiving deliveries" url=\S+`)
	require.True(t, ok, p.Stderr)
	_, p.URL, ok = strings.Cut(said, "url=")
	if !ok {
		<-p.Done
		assert.Equal(t, 1, p.Cmd.ProcessState.ExitCode())
		return
	}
	refuses(t, p) // before any delivery
	assert.Zero(t, sendOrders(t, p, "restarted", 3))
}

// The screen says it without a delivery.
func TestTheScreenSaysThatTheStoreIsDamaged(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	p = clitest.Receive(t, env, nil)
	require.Equal(t, 3, sendOrders(t, p, "before", 3))
	p.Signal(syscall.SIGKILL)
	<-p.Done
	require.NoError(t, os.Truncate(clitest.StoreOf(env)+"-wal", 0))
	s := clitest.OnTerminal(t, env, 120, 30, "--listen", "127.0.0.1:0")
	_, ok := s.Await("damaged")
	assert.True(t, ok, "on the screen: %q", s)
	s.Signal(syscall.SIGTERM)
	s.Ends(t)
}

// Whatever name a store has, one process at a time writes to it.
func TestLinksToAStoreAdmitNobody(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	require.Equal(t, 3, sendOrders(t, p, "before", 3))
	store := clitest.StoreOf(env)
	folder := t.TempDir()
	symbolic, hard, folderLink := filepath.Join(folder, "symbolic.db"), filepath.Join(folder, "hard.db"), filepath.Join(folder, "link")
	require.NoError(t, os.Symlink(store, symbolic))
	require.NoError(t, os.Symlink(filepath.Dir(store), folderLink))
	refused := func(name string, args ...string) {
		t.Helper()
		stdout, stderr, code := clitest.Run(t, env, append(args, "--store", name)...)
		assert.Equal(t, 1, code, "%v: %s", args, stderr)
		assert.Empty(t, stdout)
		assert.Regexp(t, "another up42hooks|several names", stderr, args)
	}
	export := filepath.Join(folder, "export.jsonl")
	_, stderr, code := clitest.Run(t, env, "store", "export", export)
	require.Zero(t, code, stderr)
	commands := [][]string{{"listen", "--listen", "127.0.0.1:0"}, {"store", "compact"}, {"store", "import", export}, {"store", "repair"}, {"store", "forget", "x"}}
	for _, name := range []string{symbolic, filepath.Join(folderLink, "events.db")} {
		for _, c := range commands {
			refused(name, c...)
		}
	}
	// A viewer through a symbolic link sees everything.
	stdout, stderr, code := clitest.Run(t, env, "events", "--json", "--store", symbolic)
	require.Zero(t, code, stderr)
	assert.Equal(t, 3, strings.Count(stdout, "\n"))
	require.NoError(t, os.Link(store, hard))
	for _, c := range append(commands, []string{"events"}, []string{"store", "export"}) {
		refused(hard, c...)
	}
	assert.Equal(t, 3, sendOrders(t, p, "after", 3), "the receiver goes on")

	// Its events are in a log beside the first name. Under another name they would be missing.
	p.Signal(syscall.SIGKILL)
	<-p.Done
	for _, c := range append(commands, []string{"events"}) {
		refused(hard, c...)
	}
	require.NoError(t, os.Remove(hard))
	clitest.Receive(t, env, nil, "--store", symbolic)
	stdout, stderr, code = clitest.Run(t, env, "events", "--json")
	require.Zero(t, code, stderr)
	assert.Equal(t, 6, strings.Count(stdout, "\n"))
	assert.NoFileExists(t, symbolic+"-wal")
	assert.NoFileExists(t, symbolic+".lock")
}

// Without its file the lock still holds.
func TestADeletedLockFileAdmitsNobody(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	clitest.Receive(t, env, nil)
	require.NoError(t, os.Remove(clitest.StoreOf(env)+".lock"))
	_, stderr, code := clitest.Run(t, env, "listen", "--listen", "127.0.0.1:0")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "another up42hooks")
}
