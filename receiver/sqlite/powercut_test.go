package sqlite_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// A power cut loses what no fsync has made durable. A kill does not, so the test with
// kills says nothing about it. Here strace records what a writer does to its files. For
// many moments the test makes the disk as it may be if the power fails then: it has what
// was synced, and random sectors of the other writes. All events that were acknowledged
// until then must be in the store on that disk.
//
// UP42_POWER_CUTS sets the number of moments.
func TestNothingAcknowledgedIsLostToAPowerCut(t *testing.T) {
	t.Parallel()
	const acknowledged = 60
	cuts := rounds(t, "UP42_POWER_CUTS", 10)
	dir := t.TempDir()
	file := filepath.Join(dir, "events.db")
	calls := traced(t, file, acknowledged)

	random := rand.New(rand.NewPCG(uint64(len(calls)), 42))
	first := firstAcknowledgement(t, calls)
	var kept, lost, cut int
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("cut at call %d of %d", cut, len(calls))
		}
	})
	for range cuts {
		cut = first + random.IntN(len(calls)-first)
		acknowledgedByThen := acknowledgedBefore(t, calls, cut)
		d := replay(t, calls[:cut], random)
		lost += d.lost
		found := t.TempDir()
		d.copyTo(t, dir, found)
		l := open(t, filepath.Join(found, "events.db"), sqlite.Options{})
		checkStore(t, l, acknowledgedByThen)
		require.NoError(t, l.Close())
		kept += len(acknowledgedByThen)
	}
	t.Logf("%d cuts among %d calls: %d writes were lost, and none of %d acknowledged events", cuts, len(calls), lost, kept)
	assert.NotZero(t, lost, "a test without lost writes would show nothing")
	assert.NotZero(t, kept)
}

// After a power cut while a store is made, the next start makes it.
func TestAPowerCutWhileAStoreIsMade(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	calls := traced(t, filepath.Join(dir, "events.db"), 1)
	random := rand.New(rand.NewPCG(3, 4))
	for cut := 0; cut < firstAcknowledgement(t, calls); cut += 1 + random.IntN(25) {
		found := t.TempDir()
		replay(t, calls[:cut], random).copyTo(t, dir, found)
		l := open(t, filepath.Join(found, "events.db"), sqlite.Options{})
		checkStore(t, l, nil)
		require.NoError(t, l.Close())
	}
}

// The test above can fail: on the same disk without the syncs, acknowledged events are
// lost.
func TestWithoutSyncAPowerCutLosesEvents(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	calls := traced(t, filepath.Join(dir, "events.db"), 40)
	for i := range calls {
		if calls[i].name == "fsync" && calls[i].path != dir {
			calls[i].name = ""
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	d := replay(t, calls, random)
	found := t.TempDir()
	d.copyTo(t, dir, found)
	l, err := sqlite.Open(t.Context(), filepath.Join(found, "events.db"), sqlite.Options{})
	if err != nil {
		return // it can't even be opened
	}
	defer l.Close()
	c, err := l.Counts(t.Context())
	assert.True(t, err != nil || c.LastSeq < int64(len(acknowledgedBefore(t, calls, len(calls)))))
}

// traced has a child append to the store until it has acknowledged n events, and returns
// the system calls of the child.
func traced(t *testing.T, file string, n int) []call {
	t.Helper()
	if err := exec.CommandContext(t.Context(), "strace", "-o", os.DevNull, "true").Run(); err != nil {
		t.Skipf("strace does not work here, power cuts are not tested: %v", err)
	}
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.CommandContext(t.Context(), "strace", "-f", "-y", "-xx", "-s", "70000", "-e", "signal=none",
		"-e", "trace=openat,write,pwrite64,ftruncate,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2", "-o", trace, os.Args[0])
	cmd.Env = append(os.Environ(), childFile+"="+file)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewReader(out)
	for range n {
		_, err := lines.ReadString('\n')
		require.NoError(t, err)
	}
	// Nobody reads the pipe any longer, so a signal ends the child.
	require.NoError(t, out.Close())
	_ = cmd.Wait()
	f, err := os.Open(trace)
	require.NoError(t, err)
	defer f.Close()
	calls, err := readTrace(f)
	require.NoError(t, err)
	require.NotEmpty(t, calls)
	return calls
}

func firstAcknowledgement(t *testing.T, calls []call) int {
	t.Helper()
	for i := range calls {
		if _, _, ok := calls[i].acknowledges(); ok {
			return i
		}
	}
	require.Fail(t, "nothing was acknowledged")
	return 0
}

// acknowledgedBefore returns the events whose acknowledgement has begun before a call.
func acknowledgedBefore(t *testing.T, calls []call, cut int) map[int64]string {
	t.Helper()
	out := map[int64]string{}
	for i := range calls[:cut] {
		if seq, id, ok := calls[i].acknowledges(); ok {
			out[seq] = id
		}
	}
	return out
}

// acknowledges parses the line that a child prints for an event.
func (c *call) acknowledges() (seq int64, id string, ok bool) {
	if c.name != "write" || c.fd != 1 || c.ended {
		return 0, "", false
	}
	n, err := fmt.Sscanf(string(c.data), "%d %s", &seq, &id)
	return seq, id, n == 2 && err == nil
}
