package sqlite_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// storeOfAll makes a store that has something in each table: conflicts, messages with more trust
// later, events that retention deleted, readers, jumps of the clock.
func storeOfAll(t *testing.T) (file string) {
	t.Helper()
	file = storeOfOrders(t, 12)
	l := open(t, file, sqlite.Options{}.WithRecent(16))
	for i := range 10 {
		id := fmt.Sprint("c", i)
		appendAll(t, l,
			delivery(t, orderBody(id, "o"+id, "PLACED", start, 0), receiver.Trusted),
			delivery(t, orderBody(id, "o"+id, "BEING_FULFILLED", start, 0), receiver.Trusted),
			delivery(t, orderBody(id, "o"+id, "FULFILLED", start, 0), receiver.Verified),
		)
	}
	last := counts(t, l).LastSeq
	for i := range 8 {
		name := fmt.Sprint("reader", i)
		spans := []receiver.Span{{First: last - 18, Last: last - 16}, {First: last - 10, Last: last - 5}}
		require.NoError(t, l.SaveCheckpoint(t.Context(), name, receiver.Checkpoint{Cursor: last - 20, Done: spans}))
		require.NoError(t, l.AddFailure(t.Context(), receiver.Failure{Reader: name, Seq: int64(40 + i), At: start, Tries: 3, Reason: "no"}))
	}
	require.NoError(t, l.SaveCheckpoint(t.Context(), "exec", receiver.Checkpoint{Cursor: last}))
	require.NoError(t, l.Close())
	require.NoError(t, prune(t, file, sqlite.Options{KeepEvents: 50}).Close())
	db, err := sql.Open("sqlite", file)
	require.NoError(t, err)
	for _, statement := range []string{
		"INSERT INTO clock_jumps (seq, rejected, at, jump) VALUES (30, 2, 1700000000000000, 3600000000), (60, 3, 1700000100000000, -3600000000)",
		"INSERT INTO followed_streams VALUES (x'4142', x'42', 7, 8)", "INSERT INTO admitted_events VALUES (60, 3, 5)",
	} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	require.NoError(t, db.Close())
	return file
}

// repaired repairs a store that has other damage, too, so that it does not count as sound.
func repaired(t *testing.T, file string) sqlite.RepairResult {
	t.Helper()
	damagePages(t, file, pagesOf(t, file, "minutes", "leaf")...)
	r, err := sqlite.Repair(t.Context(), file)
	require.NoError(t, err)
	require.False(t, r.Sound)
	return r
}

// What is not damaged is no damage.
func TestASoundStoreIsReadWhole(t *testing.T) {
	t.Parallel()
	r, err := sqlite.Salvage(t.Context(), storeOfAll(t), io.Discard)
	require.NoError(t, err)
	assert.Zero(t, r.Places)
	assert.Zero(t, r.Loss.Events)
}

// A store refuses a checkpoint that is not in its order, and one after its last event would say that
// events are done that are still to come.
func TestARepairMendsCheckpoints(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		change string
		want   receiver.Checkpoint
	}{
		"spans that are not in order": {"done = x'020202020001'", receiver.Checkpoint{Cursor: 16, Done: []receiver.Span{{First: 18, Last: 20}}}},
		"after the last event":        {"cursor = cursor + 64, done = x'0200'", receiver.Checkpoint{Cursor: 21}},
		"spans after the last event":  {"done = x'02010240'", receiver.Checkpoint{Cursor: 16}},
		"spans that can't be read":    {"done = x'02810202'", receiver.Checkpoint{Cursor: 16}},
		"as it was":                   {"cursor = 16", receiver.Checkpoint{Cursor: 16, Done: []receiver.Span{{First: 18, Last: 20}}}},
	} {
		t.Run(what, func(t *testing.T) {
			file := storeOfOrders(t, 4)
			change(t, file, "UPDATE checkpoints SET "+c.change)
			repaired(t, file)
			p, ok := checkpoint(t, open(t, file, sqlite.Options{}), "exec")
			assert.True(t, ok)
			assert.Equal(t, c.want, p)
		})
	}
}

// Without the counters, what readers have done says how many events there were.
func TestARepairNeverLeavesAReaderAhead(t *testing.T) {
	t.Parallel()
	file := storeOfOrders(t, orders)
	l := open(t, file, sqlite.Options{})
	last := counts(t, l).LastSeq
	require.NoError(t, l.SaveCheckpoint(t.Context(), "exec", receiver.Checkpoint{Cursor: last - 1, Done: []receiver.Span{{First: last, Last: last}}}))
	require.NoError(t, l.Close())
	leaves := pagesOf(t, file, "event_log", "leaf")
	damagePages(t, file, append(pagesOf(t, file, "counters", "leaf"), leaves[len(leaves)-1])...)
	r := repaired(t, file)
	assert.Equal(t, last, r.Spans[len(r.Spans)-1].Last)
	l = open(t, file, sqlite.Options{})
	assert.Equal(t, last+1, appendAll(t, l, anEvent(t, "afterwards"))[0].Seq, "no number is used twice")
}

// A record of a message that names an earlier event would make the event a second copy.
func TestARepairMendsTheRecordOfAMessage(t *testing.T) {
	t.Parallel()
	file := storeOfAll(t)
	kept := eventsBySeq(t, file)
	c, end := connected(t, file)
	const seqAt, width = 17, 33
	changed := 0
	for _, table := range []string{"dedup", "dedup_recent"} {
		var rows [][]byte
		found, err := c.QueryContext(t.Context(), "SELECT keys FROM "+table)
		require.NoError(t, err)
		for found.Next() {
			var keys []byte
			require.NoError(t, found.Scan(&keys))
			rows = append(rows, keys)
		}
		require.NoError(t, errors.Join(found.Err(), found.Close()))
		for _, keys := range rows {
			before := bytes.Clone(keys)
			for at := seqAt; at+8 <= len(keys); at += width {
				if kept[int64(keys[at+7])] != nil {
					keys[at+7] = 1 // which retention has deleted
					changed++
				}
			}
			_, err := c.ExecContext(t.Context(), "UPDATE "+table+" SET keys = ? WHERE keys = ?", keys, before)
			require.NoError(t, err)
		}
	}
	require.NotZero(t, changed)
	end()
	repaired(t, file)
	isRepaired(t, file, "records of messages")
	assert.GreaterOrEqual(t, len(eventsBySeq(t, file)), len(kept))
}

// Without the counters, it is not known how many events retention has deleted.
func TestARepairWithoutCountersKnowsDeletedMessages(t *testing.T) {
	t.Parallel()
	file, before, kept := prunedOrders(t)
	damagePages(t, file, pagesOf(t, file, "counters", "leaf")...)
	r := repaired(t, file)
	assert.True(t, r.Uncertain)
	assert.Zero(t, r.Loss.Events)
	l := open(t, file, sqlite.Options{})
	for seq, e := range before {
		if kept[seq] == nil {
			again := *e
			again.Seq = 0
			assert.True(t, appendAll(t, l, &again)[0].Duplicate, seq)
		}
	}
	require.NoError(t, l.Close())
	isRepaired(t, file, "no counters")
}

// One bit of a body is enough to change what an order says.
func TestVerifyComparesBodiesWithTheirDigests(t *testing.T) {
	t.Parallel()
	file := storeOfOrders(t, 3)
	change(t, file, "UPDATE event_log SET body = CAST(replace(CAST(body AS TEXT), 'PLACED', 'PLACEE') AS BLOB) WHERE seq = 2")
	l := open(t, file, sqlite.Options{ReadOnly: true})
	checked, err := l.Verify(t.Context(), nil)
	require.NoError(t, err)
	require.NoError(t, l.Close())
	require.NotEmpty(t, checked.Problems)
	assert.Contains(t, checked.Problems[0], "event 2 has a body that does not fit its digest")
	isRepaired(t, file, "a body")
}

// What a repair loses counts as deleted. A later one still knows it from what it loses itself, and from
// what retention has deleted.
func TestASecondRepairSaysWhatItLoses(t *testing.T) {
	t.Parallel()
	store := storeOfOrders(t, 60)
	leafAt := func(file string, part int) int64 {
		leaves := pagesOf(t, file, "event_log", "leaf")
		return leaves[len(leaves)*part/8]
	}
	damagePages(t, store, leafAt(store, 4))
	before := repaired(t, store).Spans
	l := open(t, store, sqlite.Options{})
	require.NoError(t, l.SaveCheckpoint(t.Context(), "exec", receiver.Checkpoint{Cursor: counts(t, l).LastSeq}))
	keep := counts(t, l).Events() - 20
	require.NoError(t, l.Close())
	require.NoError(t, prune(t, store, sqlite.Options{KeepEvents: keep}).Close())
	had := eventsBySeq(t, store)
	require.Nil(t, had[1])
	for name, damaged := range map[string]int64{"earlier events": leafAt(store, 2), "later events": leafAt(store, 6), "no events": 1} {
		t.Run(name, func(t *testing.T) {
			file := copyOf(t, store)
			damagePages(t, file, damaged)
			r, err := sqlite.Repair(t.Context(), file)
			require.NoError(t, err)
			has, said := eventsBySeq(t, file), missing(r.Salvaged)
			l := open(t, file, sqlite.Options{})
			for seq, e := range had {
				assert.Equal(t, has[seq] == nil, said[seq], "event %d; before, %v were lost", seq, before)
				e.Seq = 0
				assert.Equal(t, has[seq] != nil, appendAll(t, l, e)[0].Duplicate, "event %d comes again", seq)
				e.Seq = seq
			}
			assert.Len(t, said, len(had)-len(has))
		})
	}
}

// One bit is enough for a rejected delivery to be called verified.
func TestARepairVerifiesNoRejectedDelivery(t *testing.T) {
	t.Parallel()
	file := storeOfOrders(t, 6)
	l := open(t, file, sqlite.Options{})
	for range 30 {
		forged := delivery(t, orderBody("forged", "forged", "FULFILLED", start, 3000), receiver.Rejected)
		forged.Reason = "signature-mismatch"
		l.Reject(forged)
	}
	require.NoError(t, l.Close())
	before := eventsBySeq(t, file)
	change(t, file, "UPDATE rejected_log SET verdict = 1 WHERE seq IN (12, 34)")
	r := repaired(t, file)
	assert.EqualValues(t, 33, r.Rejected)
	assert.Equal(t, before, eventsBySeq(t, file))
}

// Without the list of free pages, deleted events can be read. Those that a reader needs stay.
func TestARepairKeepsWhatReadersNeed(t *testing.T) {
	t.Parallel()
	var failures []receiver.Failure
	for i := range 20 {
		failures = append(failures, receiver.Failure{Reader: "exec", Seq: int64(i + 1), At: start, Tries: 3, Reason: "no"})
	}
	file, _, kept := prunedOrders(t, failures...)
	require.Greater(t, len(kept), 60)
	damagePages(t, file, 1)
	r, err := sqlite.Repair(t.Context(), file)
	require.NoError(t, err)
	assert.Zero(t, r.Loss.Events)
	assert.Equal(t, kept, eventsBySeq(t, file))
}

// isExported checks that an export of a store can be imported, and is the same then.
func isExported(t *testing.T, l *sqlite.Log, what string) {
	t.Helper()
	var out, again bytes.Buffer
	require.NoError(t, l.Export(t.Context(), &out), what)
	copied := filepath.Join(t.TempDir(), "copy.db")
	_, err := sqlite.Import(t.Context(), copied, bytes.NewReader(out.Bytes()))
	require.NoError(t, err, what)
	c := open(t, copied, sqlite.Options{ReadOnly: true})
	require.NoError(t, c.Export(t.Context(), &again), what)
	require.NoError(t, c.Close())
	assert.Equal(t, out.String(), again.String(), what)
}
