package sqlite_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest/straced"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// What a child does with a store whose power is cut.
const (
	busy     = "busy"      // it appends, deletes, saves checkpoints and copies its log
	lessSync = "less sync" // the same, but commits do not wait for the disk
)

// keptInCuts is how many events such a child keeps.
const keptInCuts = 40

// reader is who saves checkpoints in such a child.
const reader = "reader"

// appendBusily appends deliveries, of which retention keeps few. It saves checkpoints,
// rejects others, and copies the write-ahead log into the file very often.
func appendBusily(file string, unsafe bool) error {
	ctx, ticks := context.Background(), make(chan struct{})
	o := sqlite.Options{KeepEvents: keptInCuts, Queue: 16}.WithRecent(4).WithLogPages(20).WithTicks(ticks)
	l, err := sqlite.Open(ctx, file, o)
	if err == nil && unsafe {
		err = l.SyncLess(ctx)
	}
	if err != nil {
		return err
	}
	failed, t := make(chan error), &testing.T{}
	for n := range 4 {
		go func() {
			failed <- appendTo(l, func(seq int64) error {
				switch {
				case seq%11 == 0:
					ticks <- struct{}{}
				case seq%5 == 0:
					l.Reject(delivery(t, `{"event":"x"}`, receiver.Rejected))
				}
				if n > 0 { // else the checkpoint would not only rise
					return nil
				}
				err := l.SaveCheckpoint(ctx, reader, receiver.Checkpoint{Cursor: seq})
				fmt.Fprintf(os.Stdout, "checkpoint %d\n", seq)
				return err
			})
		}()
	}
	return <-failed
}

// A power cut loses what no fsync has made durable. A kill does not, so the test with
// kills says nothing about it. Here strace records what a writer does to its files. For
// many moments the test makes the disk as it may be if the power fails then: it has what
// was synced, and any sectors of the other writes. All events that were acknowledged until
// then must be in the store on that disk, unless retention deleted them, and the checkpoint
// that was saved.
//
// SQLite alone looks at each disk, and the program at one of 25, which takes longer.
// UP42_POWER_CUTS sets the number of moments.
func TestNothingAcknowledgedIsLostToAPowerCut(t *testing.T) {
	t.Parallel()
	straced.Needs(t, "power cuts are not tested")
	const ofOneTrace = 500
	const looks = 25
	cuts := rounds(t, "UP42_POWER_CUTS", 40)
	var kept, lost atomic.Int64
	t.Cleanup(func() {
		t.Logf("%d cuts: %d writes were lost, but no event of %d that were acknowledged", cuts, lost.Load(), kept.Load())
		assert.NotZero(t, lost.Load(), "a test without lost writes would show nothing")
		assert.NotZero(t, kept.Load())
	})
	for from := 0; from < cuts; from += ofOneTrace {
		t.Run(fmt.Sprint("from ", from), func(t *testing.T) {
			t.Parallel()
			r := record(t, busy, 80)
			first := r.firstAcknowledgement()
			for n := range min(ofOneTrace, cuts-from) {
				cut := first + r.random.IntN(len(r.calls)-first)
				found, gone := r.cut(cut)
				check := cutStore{t: t, file: found, want: r.acknowledgedBefore(cut), what: fmt.Sprintf("seed %d, cut at call %d", r.seed, cut)}
				check.look()
				if n%looks == 0 {
					check.run()
				}
				lost.Add(int64(gone))
				kept.Add(int64(len(check.want.events)))
				require.NoError(t, os.RemoveAll(filepath.Dir(found)))
			}
		})
	}
}

// cutStore is a store after a power cut.
type cutStore struct {
	t    *testing.T
	file string
	want acknowledged
	what string
}

// look checks without this program that the file is sound and has all that was acknowledged.
func (c *cutStore) look() {
	t := c.t
	t.Helper()
	db, err := conn.Open(t.Context(), conn.Source(c.file, conn.ReadOnly, time.Second))
	require.NoError(t, err, c.what)
	defer func() { require.NoError(t, db.Close(), c.what) }()
	bodies, first := map[int64][]byte{}, int64(0)
	require.NoError(t, db.Each(t.Context(), "SELECT seq, body FROM event_log ORDER BY seq", func(v []driver.Value) error {
		first = cmp.Or(first, v[0].(int64))
		bodies[v[0].(int64)] = bytes.Clone(v[1].([]byte))
		return nil
	}), c.what)
	for seq, id := range c.want.events {
		if seq >= first {
			require.Contains(t, string(bodies[seq]), id, "%s: acknowledged event %d", c.what, seq)
		}
	}
	checkpoint := int64(0)
	require.NoError(t, db.Each(t.Context(), "SELECT cursor FROM checkpoints", func(v []driver.Value) error {
		checkpoint = v[0].(int64)
		return nil
	}), c.what)
	require.GreaterOrEqual(t, checkpoint, c.want.checkpoint, c.what)
	sound, err := db.Text(t.Context(), "PRAGMA quick_check")
	require.NoError(t, err, c.what)
	require.Equal(t, "ok", sound, c.what)
}

// run checks that the store is sound, has all that was acknowledged, and takes more.
func (c *cutStore) run() {
	t := c.t
	t.Helper()
	l, err := sqlite.Open(t.Context(), c.file, sqlite.Options{})
	require.NoError(t, err, c.what)
	defer func() { require.NoError(t, l.Close(), c.what) }()
	require.NoError(t, l.Damage(), c.what)
	events := allEvents(t, l)
	last := counts(t, l).LastSeq
	first := last - int64(len(events)) + 1
	require.LessOrEqual(t, first, max(1, last-keptInCuts+1), "%s: retention keeps the newest", c.what)
	for i, e := range events {
		require.Equal(t, first+int64(i), e.Seq, c.what)
	}
	for seq, id := range c.want.events {
		if seq >= first {
			require.LessOrEqual(t, seq, last, "%s: an acknowledged event is lost", c.what)
			require.Equal(t, id, events[seq-first].MessageID, c.what)
		}
	}
	p, _ := checkpoint(t, l, reader)
	require.GreaterOrEqual(t, p.Cursor, c.want.checkpoint, c.what)
	require.LessOrEqual(t, p.Cursor, last, "%s: the checkpoint is not ahead", c.what)
	require.Empty(t, verified(t, l).Problems, c.what)
	require.Equal(t, last+1, appendAll(t, l, anEvent(t, "after the cut"))[0].Seq, c.what)
}

// After a power cut while a store is made, the next start makes it.
func TestAPowerCutWhileAStoreIsMade(t *testing.T) {
	t.Parallel()
	r := record(t, "", 1)
	for cut := 0; cut < r.firstAcknowledgement(); cut += 1 + r.random.IntN(25) {
		found, _ := r.cut(cut)
		(&cutStore{t: t, file: found, what: fmt.Sprintf("seed %d, cut at call %d", r.seed, cut)}).run()
	}
}

// TestNothingAcknowledgedIsLostToAPowerCut can fail: with synchronous = NORMAL acknowledged events
// are lost, and also on a disk that does not sync.
func TestWithLessSyncAPowerCutLosesEvents(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		does  string
		syncs bool
	}{"synchronous = NORMAL": {lessSync, true}, "without sync": {busy, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const enough, most = 20, 100
			r := record(t, c.does, 60)
			for i := range r.calls {
				if call := &r.calls[i]; !c.syncs && call.name == "fsync" && call.path != filepath.Dir(r.file) {
					call.name = ""
				}
			}
			first := r.firstAcknowledgement()
			cuts, lossy := 0, 0
			for ; cuts < enough || lossy == 0 && cuts < most; cuts++ {
				cut := first + r.random.IntN(len(r.calls)-first)
				if found, _ := r.cut(cut); loses(t, found, r.acknowledgedBefore(cut)) {
					lossy++
				}
			}
			t.Logf("%s: %d of %d cuts lose acknowledged events", name, lossy, cuts)
			assert.NotZero(t, lossy)
		})
	}
}

// loses reports whether a store lacks something that was acknowledged.
func loses(t *testing.T, file string, want acknowledged) bool {
	t.Helper()
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	if err != nil {
		return true // it can't even be opened
	}
	defer l.Close()
	c, err := l.Counts(t.Context())
	return err != nil || c.LastSeq < want.last()
}

// recording is what strace has seen of a child.
type recording struct {
	t      *testing.T
	file   string // the store
	before map[string][]byte
	calls  []call
	seed   uint64
	random *rand.Rand
}

// record has a child append to a new store until it has acknowledged n events.
func record(t *testing.T, does string, n int) *recording {
	t.Helper()
	return recordOn(t, filepath.Join(t.TempDir(), "events.db"), does, func(lines *bufio.Reader) {
		for range n {
			_, err := lines.ReadString('\n')
			require.NoError(t, err)
		}
	})
}

// recordOn has a child do something with a store, until the function returns. Then nobody
// reads the output of the child any longer, so that a signal ends it when it prints more.
func recordOn(t *testing.T, file, does string, until func(lines *bufio.Reader)) *recording {
	t.Helper()
	straced.Needs(t, "power cuts are not tested")
	seed := uint64(time.Now().UnixNano())
	r := &recording{t: t, file: file, before: contentOf(t, filepath.Dir(file)), seed: seed, random: rand.New(rand.NewPCG(seed, 42))}
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := exec.CommandContext(t.Context(), "strace", "-f", "-y", "-xx", "-s", "2000000", "-e", "signal=none",
		"-e", "trace=?open,openat,write,pwrite64,ftruncate,fsync,fdatasync,?unlink,unlinkat,?link,linkat,?rename,?renameat,renameat2", "-o", trace, os.Args[0])
	cmd.Env = append(os.Environ(), childFile+"="+file, childDoes+"="+does)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	until(bufio.NewReader(out))
	require.NoError(t, out.Close())
	_ = cmd.Wait()
	f, err := os.Open(trace)
	require.NoError(t, err)
	defer f.Close()
	r.calls, err = readTrace(f)
	require.NoError(t, err)
	require.NotEmpty(t, r.calls)
	return r
}

// contentOf returns the files of a folder.
func contentOf(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	content := map[string][]byte{}
	for _, f := range files {
		name := filepath.Join(folder, f.Name())
		content[name], err = os.ReadFile(name)
		require.NoError(t, err)
	}
	return content
}

// cut makes a folder with the store as it may be if the power fails before a call. It
// returns how many writes are lost.
func (r *recording) cut(at int) (file string, lost int) {
	r.t.Helper()
	d := replay(newDisk(r.before), r.calls[:at], r.random)
	found := r.t.TempDir()
	d.copyTo(r.t, filepath.Dir(r.file), found)
	return filepath.Join(found, filepath.Base(r.file)), d.lost
}

func (r *recording) firstAcknowledgement() int {
	r.t.Helper()
	for i := range r.calls {
		if _, _, ok := r.calls[i].acknowledges(); ok {
			return i
		}
	}
	require.Fail(r.t, "nothing was acknowledged")
	return 0
}

// acknowledged is what a child has said.
type acknowledged struct {
	events     map[int64]string
	checkpoint int64
	done       bool
}

func (a *acknowledged) last() (last int64) {
	for seq := range a.events {
		last = max(last, seq)
	}
	return last
}

// acknowledgedBefore returns what a child has begun to say before a call.
func (r *recording) acknowledgedBefore(cut int) acknowledged {
	a := acknowledged{events: map[int64]string{}}
	for i := range r.calls[:cut] {
		c := &r.calls[i]
		if seq, id, ok := c.acknowledges(); ok {
			a.events[seq] = id
		}
		if c.says("checkpoint %d", &a.checkpoint) {
			continue
		}
		a.done = a.done || c.says("done")
	}
	return a
}

// acknowledges parses the line that a child prints for an event.
func (c *call) acknowledges() (seq int64, id string, ok bool) {
	ok = c.says("%d %s", &seq, &id)
	return seq, id, ok
}

// says reports whether a call begins to print a line of this format.
func (c *call) says(format string, values ...any) bool {
	if c.name != "write" || c.fd != 1 || c.ended {
		return false
	}
	_, err := fmt.Sscanf(string(c.data), format, values...)
	return err == nil
}
