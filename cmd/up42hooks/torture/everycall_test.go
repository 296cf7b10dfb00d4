package torture

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest/straced"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// job is a command that works on a store, in a folder of its own.
type job struct {
	name  string
	args  []string                     // {} is the folder
	begin func(t *testing.T, d string) // makes what the command needs
	// after checks what is left. done: the command said that it is done.
	after func(t *testing.T, d, what string, done bool)
	// twice: after a failure the same command must do it.
	twice bool
}

const (
	ordersOfJobs = 30
	storeName    = "events.db"
)

// jobsOn returns the commands, for stores like this one.
func jobsOn(t *testing.T, env []string, store string) []job {
	whole := read(t, store)
	before := filepath.Join(t.TempDir(), "export.jsonl")
	_, said, code := clitest.Run(t, env, "store", "export", "--store", store, before)
	require.Zero(t, code, said)
	text := read(t, before)
	put := func(name string, content []byte) func(*testing.T, string) {
		return func(t *testing.T, d string) {
			require.NoError(t, os.WriteFile(filepath.Join(d, name), content, 0o600))
		}
	}
	isWhole := func(name string) func(*testing.T, string, string, bool) {
		return func(t *testing.T, d, what string, done bool) {
			if done {
				holds(t, filepath.Join(d, name), what)
			}
		}
	}
	return []job{
		{name: "export", args: []string{"store", "export", "--store", store, "{}/out"}, begin: put("out", []byte("before\n")), after: func(t *testing.T, d, what string, done bool) {
			got := read(t, filepath.Join(d, "out"))
			if done {
				assert.True(t, bytes.Equal(got, text), "%s: an export is there wholly: %d bytes", what, len(got))
			} else if string(got) != "before\n" {
				canBeImported(t, got, what) // what could be read of a store that seems to be damaged
			}
		}},
		{name: "backup", args: []string{"store", "backup", "--replace", "--store", store, "{}/out"}, begin: put("out", whole), after: func(t *testing.T, d, what string, _ bool) {
			holds(t, filepath.Join(d, "out"), what)
		}},
		{name: "compact", args: []string{"store", "compact", "--store", "{}/" + storeName}, begin: put(storeName, whole), after: func(t *testing.T, d, what string, _ bool) {
			holds(t, filepath.Join(d, storeName), what)
		}, twice: true},
		{name: "import", args: []string{"store", "import", "--store", "{}/" + storeName, before}, begin: func(*testing.T, string) {}, after: isWhole(storeName), twice: true},
		{name: "repair", args: []string{"store", "repair", "--store", "{}/" + storeName}, begin: put(storeName, damaged(whole)), after: isWhole(storeName), twice: true},
	}
}

// canBeImported checks that an export is complete in itself.
func canBeImported(t *testing.T, export []byte, what string) {
	t.Helper()
	_, err := sqlite.Import(t.Context(), filepath.Join(t.TempDir(), storeName), bytes.NewReader(export))
	assert.NoError(t, err, what)
}

// damaged is a store without the root page of its rows, of which a repair loses nothing.
func damaged(whole []byte) []byte {
	const page = 8 << 10
	harmed := bytes.Clone(whole)
	for at := len(harmed) - page; at > 0; at -= page {
		if bytes.Contains(harmed[at:at+page], []byte(rowsOnly)) && !bytes.Contains(harmed[at:at+page], []byte("messageId")) {
			clear(harmed[at : at+page])
			return harmed
		}
	}
	return harmed[:len(harmed)-page/2]
}

// rowsOnly is a text in the rows of the store.
const rowsOnly = "oneatlas"

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	return content
}

// holds checks that a store is sound, and has the events of the jobs.
func holds(t *testing.T, file, what string) {
	t.Helper()
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.NoError(t, err, what)
	defer func() { require.NoError(t, l.Close(), what) }()
	require.NoError(t, l.Damage(), what)
	events, err := l.Events(t.Context(), receiver.EventQuery{Limit: 2 * ordersOfJobs})
	require.NoError(t, err, what)
	assert.Len(t, events, ordersOfJobs, what)
	sound, err := l.Verify(t.Context(), nil)
	require.NoError(t, err, what)
	assert.Empty(t, sound.Problems, what)
}

// storeOfJobs is a store that some receiver has made, with its environment.
func storeOfJobs(t *testing.T) (env []string, file string) {
	env = clitest.WithSecret(clitest.Home(t))
	file = clitest.StoreOf(env)
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.NoError(t, err)
	for n := range ordersOfJobs {
		m, err := receiver.Decode(clitest.Delivery(fmt.Sprint("m-", n), fmt.Sprint("order-", n), "PLACED"))
		require.NoError(t, err)
		_, err = l.Append(t.Context(), &receiver.Event{Message: m, Verdict: receiver.Verified, ReceivedAt: time.Now(), Raw: clitest.Delivery(fmt.Sprint("m-", n), fmt.Sprint("order-", n), "PLACED")})
		require.NoError(t, err)
	}
	require.NoError(t, l.Close())
	return env, file
}

// callsOfJobs are the calls that fail, and how.
var callsOfJobs = []fault{
	{"write", "error=ENOSPC"},
	{"write", "signal=KILL"},
	{"pwrite64", "error=EIO"},
	{"pwrite64", "signal=KILL"},
	{"fsync,fdatasync", "error=EIO"},
	{"fsync,fdatasync", "signal=KILL"},
	{"?open,openat", "error=EMFILE"},
	{"?open,openat", "signal=KILL"},
	{"?rename,?renameat,renameat2,linkat", "error=EIO"},
	{"?rename,?renameat,renameat2,linkat", "signal=KILL"},
	{"ftruncate", "error=EIO"},
	{"?unlink,unlinkat", "error=EIO"},
	{"?unlink,unlinkat", "signal=KILL"},
	{"pread64", "error=EIO"},
}

// Each call of a command fails once, or kills it: what is left is as it was before or as it
// is afterwards, and an exit code of 0 is true. Without the variable one call is tried.
func TestFaultsOfEveryCallOfACommand(t *testing.T) {
	straced.Needs(t, "faults of the system are not tested")
	env, store := storeOfJobs(t)
	failed, runs := 0, 0
	for _, j := range jobsOn(t, env, store) {
		if os.Getenv(allFaults) == "" {
			runs++
			j.run(t, env, fault{"pwrite64", "error=EIO"}, 2)
			continue
		}
		for _, f := range callsOfJobs {
			for n := 1; j.run(t, env, f, n); n++ {
				failed++
				runs++
			}
		}
	}
	t.Logf("%d runs", runs)
	assert.True(t, failed > 0 || os.Getenv(allFaults) == "", "a test without faults would show nothing")
}

// run runs the command, of which the nth call fails. It reports whether there were so many.
func (j job) run(t *testing.T, env []string, f fault, n int) (happened bool) {
	t.Helper()
	what := fmt.Sprintf("%s: call %d of %s, %s", j.name, n, f.calls, f.how)
	d, trace := t.TempDir(), filepath.Join(t.TempDir(), "trace")
	defer func() { assert.NoError(t, errors.Join(os.RemoveAll(d), os.RemoveAll(filepath.Dir(trace)))) }()
	j.begin(t, d)
	f.how += fmt.Sprintf(":when=%d", n)
	code, said := j.command(t, env, d, f.args(trace)...)
	if !strings.Contains(said, "netpollBreak") { // which is a write of Go itself
		require.NotContains(t, said, "goroutine ", what)
	}
	killed := strings.Contains(string(read(t, trace)), "killed by SIGKILL")
	if happened = killed || injected(t, trace, "") > 0; killed {
		require.NotZero(t, code, what)
	}
	// What was written for the output and was not written, or not synced, is no success.
	if code == 0 && !strings.Contains(f.calls, "openat") && !strings.Contains(f.calls, "unlink") && !strings.HasPrefix(f.calls, "pread") {
		assert.Zero(t, injected(t, trace, d+"/.up42hooks-part"), "%s: a fault of the output is told", what)
	}
	j.after(t, d, what, code == 0)
	if j.twice && code != 0 {
		code, said := j.command(t, env, d)
		require.Zero(t, code, "%s: again: %s", what, said)
		j.after(t, d, what+", again", true)
	}
	return happened
}

// command runs the command, under strace if there are arguments for it.
func (j job) command(t *testing.T, env []string, d string, traced ...string) (code int, said string) {
	t.Helper()
	program, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	var args []string
	if len(traced) > 0 {
		args = append(append(args, "strace", "--seccomp-bpf"), traced...)
	}
	args = append(args, program)
	for _, a := range j.args {
		args = append(args, strings.ReplaceAll(a, "{}", d))
	}
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Env = env
	out, _ := cmd.CombinedOutput() // its error is the exit code
	return cmd.ProcessState.ExitCode(), string(out)
}
