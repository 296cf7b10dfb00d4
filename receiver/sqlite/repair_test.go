package sqlite_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

const orders = 30 // of a store that is repaired; each has 5 events

// storeOfOrders makes a store with events, some of them long, rejected deliveries,
// checkpoints and failures. It is closed in order.
func storeOfOrders(t testing.TB, n int) string {
	t.Helper()
	l := open(t, filepath.Join(t.TempDir(), "events.db"), sqlite.Options{}.WithRecent(64))
	for i := range n {
		events := orderEvents(t)
		if i%20 == 0 {
			events = append(events, delivery(t, orderBody(fmt.Sprint("long", i), fmt.Sprint("long", i), "PLACED", start, 30_000), receiver.Verified))
		}
		_, err := l.AppendAll(t.Context(), events)
		require.NoError(t, err)
	}
	for range 5 {
		l.Reject(delivery(t, `{"event":"x"}`, receiver.Rejected))
	}
	require.NoError(t, l.SaveCheckpoint(t.Context(), "exec", receiver.Checkpoint{Cursor: 16, Done: []receiver.Span{{First: 18, Last: 20}}}))
	require.NoError(t, l.AddFailure(t.Context(), receiver.Failure{Reader: "exec", Seq: 2, At: start, Tries: 3, Reason: "no"}))
	require.NoError(t, l.Close())
	return l.File()
}

// copyOf copies a store that nobody has open.
func copyOf(t testing.TB, store string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "events.db")
	require.NoError(t, os.WriteFile(file, bytesOf(t, store), 0o600))
	return file
}

// bytesOf returns a store that nobody has open, so that all of it is in its file.
func bytesOf(t testing.TB, store string) []byte {
	t.Helper()
	if info, err := os.Stat(store + "-wal"); err == nil {
		require.Zero(t, info.Size(), "somebody has the store open")
	}
	b, err := os.ReadFile(store)
	require.NoError(t, err)
	return b
}

// eventsBySeq are the events of a sound store.
func eventsBySeq(t testing.TB, file string) map[int64]*receiver.Event {
	t.Helper()
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true})
	require.NoError(t, err)
	defer l.Close()
	all := map[int64]*receiver.Event{}
	for _, e := range allEvents(t, l) {
		all[e.Seq] = e
	}
	return all
}

// missing are the numbers that a loss names.
func missing(loss sqlite.Salvaged) map[int64]bool {
	all := map[int64]bool{}
	for _, s := range loss.Spans {
		for seq := s.First; seq <= s.Last; seq++ {
			all[seq] = true
		}
	}
	return all
}

func TestRepairKeepsWhatCanBeRead(t *testing.T) {
	pages := func(table, kind string, every int) func(testing.TB, string) {
		return func(t testing.TB, file string) {
			all := pagesOf(t, file, table, kind)
			require.NotEmpty(t, all)
			for i := 0; i < len(all); i += every {
				damagePages(t, file, all[i])
			}
		}
	}
	type store struct {
		file   string
		events map[int64]*receiver.Event
	}
	storeOf := func(n int) store {
		file := storeOfOrders(t, n)
		return store{file, eventsBySeq(t, file)}
	}
	small, large := storeOf(orders), storeOf(2*orders)
	for what, c := range map[string]struct {
		damage func(testing.TB, string)
		// most is how many events may be lost.
		most int
	}{
		"many leaves of events":  {pages("event_log", "leaf", 8), orders},
		"inner page of events":   {pages("event_log", "internal", 1), 0},
		"overflow pages":         {pages("event_log", "overflow", 7), 15},
		"leaves of messages":     {pages("dedup", "leaf", 2), 0},
		"inner page of messages": {pages("dedup", "internal", 1), 0},
		"rows":                   {pages("rows", "leaf", 1), 0},
		"an index of rows":       {pages("rows_by_change", "leaf", 1), 0},
		"the index of ids":       {pages("row_index", "leaf", 1), 0},
		"minutes":                {pages("minutes", "leaf", 1), 0},
		"counters":               {pages("counters", "leaf", 1), 0},
		"checkpoints":            {pages("checkpoints", "leaf", 1), 0},
		"the head":               {func(t testing.TB, f string) { overwrite(t, f, 0, 100) }, 0},
		"the first page":         {func(t testing.TB, f string) { damagePages(t, f, 1) }, 0},
		"the end is cut off":     {func(t testing.TB, f string) { require.NoError(t, os.Truncate(f, sizeOf(t, f)*3/4)) }, 5 * orders / 2},
		"a page at many places": {func(t testing.TB, f string) {
			for at := int64(40_000); at < sizeOf(t, f); at += 60_000 {
				overwrite(t, f, at, 700)
			}
		}, orders},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			whole := small
			if strings.Contains(what, "messages") {
				whole = large // their keys need several pages
			}
			before := whole.events
			file := copyOf(t, whole.file)
			c.damage(t, file)
			damaged, err := os.ReadFile(file)
			require.NoError(t, err)

			r, err := sqlite.Repair(t.Context(), file)
			require.NoError(t, err)
			require.False(t, r.Sound)
			kept, err := os.ReadFile(r.Kept)
			require.NoError(t, err)
			assert.True(t, bytes.Equal(damaged, kept), "the old file is kept")
			assert.LessOrEqual(t, r.Loss.Events, int64(c.most))
			after := eventsBySeq(t, file)
			assert.EqualValues(t, len(after), r.Events)
			lost := missing(r.Salvaged)
			assert.Len(t, lost, int(r.Loss.Events))
			for seq, e := range before {
				if a := after[seq]; lost[seq] {
					assert.Nil(t, a)
				} else if !r.Uncertain || a != nil {
					require.Equal(t, e, a)
				}
			}
			goesOn(t, file, before, lost)
		})
	}
}

// goesOn checks that a repaired store is sound, knows its messages, takes the lost ones
// again, and never uses a number twice.
func goesOn(t testing.TB, file string, before map[int64]*receiver.Event, lost map[int64]bool) {
	t.Helper()
	l := open(t, file, sqlite.Options{})
	last := counts(t, l).LastSeq
	for seq, e := range before {
		if seq%50 != 0 && !lost[seq] {
			continue
		}
		r := appendAll(t, l, e)[0]
		assert.Equal(t, !lost[seq], r.Duplicate, seq)
		if lost[seq] {
			assert.Greater(t, r.Seq, last)
		}
	}
	require.NoError(t, l.Close())
	again, err := sqlite.Repair(t.Context(), file) // which checks it
	require.NoError(t, err)
	assert.True(t, again.Sound)
}

func TestRepairKeepsEverythingElse(t *testing.T) {
	file := storeOfOrders(t, 20)
	damagePages(t, file, pagesOf(t, file, "event_log", "internal")...)
	_, err := sqlite.Repair(t.Context(), file)
	require.NoError(t, err)
	l := open(t, file, sqlite.Options{})
	c := counts(t, l)
	assert.EqualValues(t, 5, c.Rejected)
	rejected, err := l.Events(t.Context(), receiver.EventQuery{Rejected: true, Limit: 10})
	require.NoError(t, err)
	assert.Len(t, rejected, 5)
	p, ok := checkpoint(t, l, "exec")
	assert.True(t, ok)
	assert.Equal(t, receiver.Checkpoint{Cursor: 16, Done: []receiver.Span{{First: 18, Last: 20}}}, p)
	failures, err := l.Failures(t.Context(), "")
	require.NoError(t, err)
	assert.Len(t, failures, 1)
	receivertest.Permissions(t, 0o600, file)
}

// prunedOrders makes a store of which retention has kept 60 events, and those that a reader has given up.
func prunedOrders(t *testing.T, failures ...receiver.Failure) (file string, before, kept map[int64]*receiver.Event) {
	t.Helper()
	file = storeOfOrders(t, orders)
	before = eventsBySeq(t, file)
	l := open(t, file, sqlite.Options{})
	require.NoError(t, l.SaveCheckpoint(t.Context(), "exec", receiver.Checkpoint{Cursor: counts(t, l).LastSeq}))
	for _, f := range failures {
		require.NoError(t, l.AddFailure(t.Context(), f))
	}
	require.NoError(t, l.Close())
	require.NoError(t, prune(t, file, sqlite.Options{KeepEvents: 60}).Close())
	return file, before, eventsBySeq(t, file)
}

// What retention deleted does not come back, and its messages stay known.
func TestRepairAfterRetention(t *testing.T) {
	file, before, kept := prunedOrders(t)
	require.Len(t, kept, 61) // one more is on a list of failures
	damagePages(t, file, pagesOf(t, file, "event_log", "leaf")[3])
	r, err := sqlite.Repair(t.Context(), file)
	require.NoError(t, err)
	lost := missing(r.Salvaged)
	for seq := range lost {
		assert.Contains(t, kept, seq, "only what was there is lost")
	}
	assert.NotEmpty(t, lost)
	goesOn(t, file, before, lost)
}

func TestASalvagedExportCanBeImported(t *testing.T) {
	file := storeOfOrders(t, orders)
	before := eventsBySeq(t, file)
	all := pagesOf(t, file, "event_log", "leaf")
	damagePages(t, file, all[3], all[len(all)/2])
	var out bytes.Buffer
	s, err := sqlite.Salvage(t.Context(), file, &out)
	require.NoError(t, err)
	copied := filepath.Join(t.TempDir(), "copy.db")
	r, err := sqlite.Import(t.Context(), copied, &out)
	require.NoError(t, err)
	assert.Equal(t, s.Events, r.Events)
	assert.Equal(t, len(before), int(s.Events+s.Loss.Events))
	goesOn(t, copied, before, missing(s))
}

// What a torn log has is saved as well, and the numbers of lost events are not used again.
func TestRepairATornStore(t *testing.T) {
	for what, tear := range tearings {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "events.db")
			l := tornStore(t, file, sqlite.Options{})
			last := counts(t, l).LastSeq
			tear(t, file)
			for i := range 10 {
				if _, err := l.Append(t.Context(), anEvent(t, fmt.Sprint("torn", i))); err != nil {
					break
				}
				last++
			}
			_ = l.Close()
			r, err := sqlite.Repair(t.Context(), file)
			require.NoError(t, err)
			t.Logf("%d events, %d lost: %v", r.Events, r.Loss.Events, r.Problem)
			l = open(t, file, sqlite.Options{})
			require.NoError(t, l.Damage())
			assert.Empty(t, verified(t, l).Problems)
			assert.GreaterOrEqual(t, appendAll(t, l, anEvent(t, "new"))[0].Seq, last)
		})
	}
}

func TestRepairOfOtherFiles(t *testing.T) {
	for what, c := range map[string]struct {
		make  func(t *testing.T, file string)
		sound bool
		want  error
	}{
		"no file": {make: func(*testing.T, string) {}, want: sqlite.ErrMissing},
		"empty":   {make: func(t *testing.T, f string) { require.NoError(t, os.WriteFile(f, nil, 0o600)) }, sound: true},
		"no database": {make: func(t *testing.T, f string) {
			require.NoError(t, os.WriteFile(f, append(bytes.Repeat([]byte("no database"), 9999), 0), 0o600))
		}, want: sqlite.ErrNothing},
		"a picture": {make: func(t *testing.T, f string) {
			require.NoError(t, os.WriteFile(f, append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("\x00\x0d\xfe pixel"), 3000)...), 0o600))
		}, want: sqlite.ErrNothing},
		"zeros": {make: func(t *testing.T, f string) {
			require.NoError(t, os.WriteFile(f, make([]byte, 20_000), 0o600))
		}, want: sqlite.ErrNothing},
		"UTF-16": {make: func(t *testing.T, f string) {
			require.NoError(t, os.WriteFile(f, bytes.Repeat([]byte("h\x00i\x00"), 9999), 0o600))
		}, want: sqlite.ErrNothing},
		"another's, damaged": {make: func(t *testing.T, f string) {
			change(t, f, "CREATE TABLE theirs (a)", "INSERT INTO theirs VALUES (zeroblob(20000))")
			overwrite(t, f, 20, 3000)
		}, want: sqlite.ErrNothing},
		"another's, damaged, with a mark": {make: func(t *testing.T, f string) {
			change(t, f, "PRAGMA application_id = 7", "CREATE TABLE theirs (a)")
			require.NoError(t, os.WriteFile(f+"-wal", []byte("what the other program left"), 0o600))
			overwrite(t, f, 100, 3000)
		}, want: sqlite.ErrNothing},
		"the header of a store": {make: func(t *testing.T, f string) {
			require.NoError(t, open(t, f, sqlite.Options{}).Close())
			require.NoError(t, os.Truncate(f, 100))
		}},
		"zeros in place of a store": {make: func(t *testing.T, f string) {
			require.NoError(t, os.WriteFile(f, make([]byte, 20_000), 0o600))
			require.NoError(t, os.WriteFile(f+"-wal", []byte("what a receiver left"), 0o600))
		}},
		"a long text": {make: func(t *testing.T, f string) {
			require.NoError(t, os.WriteFile(f, bytes.Repeat([]byte("a line of a README, für alle\n"), 9999), 0o600))
		}, want: sqlite.ErrNothing},
		"a configuration": {make: func(t *testing.T, f string) {
			require.NoError(t, os.WriteFile(f, bytes.Repeat([]byte("max-age: 7m # für"), 99), 0o600))
		}, want: sqlite.ErrNothing},
		"a secret": {make: func(t *testing.T, f string) { require.NoError(t, os.WriteFile(f, []byte("hush\n"), 0o600)) }, want: sqlite.ErrNothing},
		"a text in place of a store": {make: func(t *testing.T, f string) {
			require.NoError(t, os.WriteFile(f, []byte("hush\n"), 0o600))
			require.NoError(t, os.WriteFile(f+"-wal", []byte("what a receiver left"), 0o600))
		}},
		"sound":     {make: func(t *testing.T, f string) { require.NoError(t, open(t, f, sqlite.Options{}).Close()) }, sound: true},
		"another's": {make: func(t *testing.T, f string) { change(t, f, "CREATE TABLE theirs (a)") }, want: sqlite.ErrForeign},
		"newer":     {make: newer, want: sqlite.ErrNewer},
		"has two names": {make: func(t *testing.T, f string) {
			require.NoError(t, open(t, f, sqlite.Options{}).Close())
			require.NoError(t, os.Link(f, f+".link"))
		}, want: sqlite.ErrLinked},
	} {
		t.Run(what, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "events.db")
			c.make(t, file)
			before, _ := os.ReadFile(file)
			r, err := sqlite.Repair(t.Context(), file)
			if c.want != nil || c.sound {
				require.ErrorIs(t, err, c.want)
				assert.Equal(t, c.sound, r.Sound)
				after, _ := os.ReadFile(file)
				assert.Equal(t, before, after, "nothing is changed")
				return
			}
			require.NoError(t, err)
			kept, err := os.ReadFile(r.Kept)
			require.NoError(t, err)
			assert.Equal(t, before, kept)
			appendAll(t, open(t, file, sqlite.Options{}), anEvent(t, "new"))
		})
	}
}

// At each moment at which a repair may be interrupted, nothing is lost: the store can't be
// used until a second repair is done.
func TestAnInterruptedRepair(t *testing.T) {
	for _, steps := range []int{0, 1, 2} {
		file := storeOfOrders(t, 20)
		before := eventsBySeq(t, file)
		damagePages(t, file, pagesOf(t, file, "event_log", "internal")...)
		require.NoError(t, os.WriteFile(file+"-wal", []byte("the rest of a log"), 0o600))
		// A repair of a copy makes the repaired store.
		copied := filepath.Join(t.TempDir(), "events.db")
		copyOver(t, file, copied)
		_, err := sqlite.Repair(t.Context(), copied)
		require.NoError(t, err)
		copyOver(t, copied, file+".repaired")
		for i, name := range []string{"-wal", ""} {
			if i < steps {
				info, err := os.Stat(file + ".repaired")
				require.NoError(t, err)
				require.NoError(t, os.Rename(file+name, file+".damaged-"+info.ModTime().UTC().Format("20060102-150405")+name))
			}
		}
		_, err = sqlite.Open(t.Context(), file, sqlite.Options{})
		require.ErrorIs(t, err, sqlite.ErrRepairing)
		_, err = sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true})
		require.ErrorIs(t, err, sqlite.ErrRepairing)
		r, err := sqlite.Repair(t.Context(), file)
		require.NoError(t, err)
		assert.FileExists(t, r.Kept)
		assert.FileExists(t, r.Kept+"-wal")
		assert.Equal(t, before, eventsBySeq(t, file))
	}
}

// A repair that fails leaves the damaged store as it was.
func TestARepairThatFails(t *testing.T) {
	file := storeOfOrders(t, 20)
	damagePages(t, file, pagesOf(t, file, "event_log", "internal")...)
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(file+".repairing", 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(file+".repairing", "x"), nil, 0o600))
	_, err = sqlite.Repair(t.Context(), file)
	require.Error(t, err)
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(before, after))
	entries, err := filepath.Glob(file + "*")
	require.NoError(t, err)
	for _, e := range entries {
		assert.False(t, strings.Contains(e, "damaged"), e)
	}
}

// The salvage knows the form of each table.
func TestTheSalvageOfASoundStoreIsWhole(t *testing.T) {
	file := storeOfOrders(t, 20)
	var out bytes.Buffer
	s, err := sqlite.Salvage(t.Context(), file, &out)
	require.NoError(t, err)
	assert.Equal(t, sqlite.Salvaged{Events: int64(len(eventsBySeq(t, file))), Rejected: 5, Recognized: true}, s)
	copied := filepath.Join(t.TempDir(), "copy.db")
	_, err = sqlite.Import(t.Context(), copied, &out)
	require.NoError(t, err)
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true})
	require.NoError(t, err)
	defer l.Close()
	assert.Equal(t, exported(t, l), exported(t, open(t, copied, sqlite.Options{})))
}

// Damage may make a second event of one, empty the bodies of others, of which nobody has compared a
// digest, and change times: none of these comes back.
func TestARepairLeavesOutWhatDamageHasMade(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]string{
		"copies":       "INSERT INTO event_log SELECT seq + 100, received, verdict, envelope, body FROM event_log WHERE seq IN (2, 3)",
		"a far time":   "UPDATE event_log SET received = 9223372036854775000 WHERE seq = 2",
		"a failure":    "UPDATE failures SET at = 9223372036854775000; DELETE FROM event_log WHERE seq = 3",
		"empty bodies": "UPDATE event_log SET body = zeroblob(length(body)) WHERE seq IN (17, 18)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := storeOfOrders(t, 3)
			l := open(t, file, sqlite.Options{})
			for _, id := range []string{"a", "b"} {
				e := delivery(t, orderBody(id, id, "PLACED", start, 0), receiver.Trusted)
				e.Proof = receiver.Proof{}
				appendAll(t, l, e)
			}
			require.NoError(t, l.Close())
			change(t, file, harm)
			isRepaired(t, file, name)
			for _, e := range allEvents(t, open(t, file, sqlite.Options{ReadOnly: true})) {
				assert.NotEmpty(t, e.MessageID)
				assert.True(t, e.Seq < 100 || e.MessageID == "afterwards", e.MessageID)
			}
		})
	}
}
