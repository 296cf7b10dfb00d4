package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// prune opens a store and waits until retention has deleted all that it may.
func prune(t *testing.T, file string, o sqlite.Options) *sqlite.Log {
	t.Helper()
	done := make(chan struct{})
	var once sync.Once
	l := open(t, file, o.WithPruned(func(more bool) {
		if !more {
			once.Do(func() { close(done) })
		}
	}))
	<-done
	return l
}

// pruneLater opens a store that was not used for weeks, keeps events for an hour, and
// waits until retention believes the clock.
func pruneLater(t *testing.T, file string) *sqlite.Log {
	t.Helper()
	m := newMachine(t, time.Hour)
	m.file = file
	m.pass(20 * day)
	m.start()
	m.pass(time.Hour)
	m.retain()
	return m.log
}

// storeOf makes a store with events that were received a minute after each other.
func storeOf(t *testing.T, events ...*receiver.Event) (file string) {
	file = filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{}.WithRecent(20))
	for i, e := range events {
		e.ReceivedAt = start.Add(time.Duration(i) * time.Minute)
	}
	_, err := l.AppendAll(t.Context(), events)
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return file
}

func ordersEvents(t testing.TB, n int) (all []*receiver.Event) {
	for range n {
		all = append(all, orderEvents(t)...)
	}
	return all
}

func TestOnlyTheNewestAreKept(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return start.Add(300 * time.Minute) }
	events := ordersEvents(t, 60) // 300, in steps of 256
	store := storeOf(t, events...)
	for name, o := range map[string]sqlite.Options{
		"by number":       {KeepEvents: 12, Now: now},
		"by age":          {Keep: 12 * time.Minute, Now: now},
		"by the stricter": {Keep: time.Hour, KeepEvents: 12, Now: now},
	} {
		t.Run(name, func(t *testing.T) {
			l := prune(t, copyOf(t, store), o)
			kept := allEvents(t, l)
			require.Len(t, kept, 12)
			assert.EqualValues(t, 289, kept[0].Seq)
			c := counts(t, l)
			assert.EqualValues(t, 12, c.Events())
			assert.EqualValues(t, 300, c.Verified, "all that were ever stored")
			assert.EqualValues(t, 288, c.Deleted)
			assert.EqualValues(t, 300, c.LastSeq)
			assert.EqualValues(t, 3, c.Rows.Of(receiver.Order))

			rowSet := receiver.NewRowSet()
			for i, e := range events[285:] { // rows keep the updates of deleted events
				e.Seq = int64(286 + i)
				rowSet.Apply(e)
			}
			checkRows(t, l, rowSet)
			_, ok, err := l.Row(t.Context(), receiver.Key{Kind: receiver.Order, ID: events[0].ID})
			require.NoError(t, err)
			assert.False(t, ok)

			since, err := l.Events(t.Context(), receiver.EventQuery{Since: kept[5].ReceivedAt})
			require.NoError(t, err)
			assert.Equal(t, seqsOf(kept[5:]), seqsOf(since))
			since, err = l.Events(t.Context(), receiver.EventQuery{Since: start})
			require.NoError(t, err)
			assert.Equal(t, seqsOf(kept), seqsOf(since))
			next, err := l.Next(t.Context(), 3, 2)
			require.NoError(t, err)
			assert.Equal(t, []int64{289, 290}, seqsOf(next), "a reader skips deleted events")

			requireDuplicates(t, l, 1, events)
			assert.Equal(t, receiver.Receipt{Seq: 301}, appendAll(t, l, orderEvents(t)...)[0])
		})
	}
}

// Numbers without events are no events that are kept, and neither is what the store counts.
func TestTheNewestAreKeptWhateverTheCountersSay(t *testing.T) {
	t.Parallel()
	store := storeOf(t, ordersEvents(t, 8)...) // 40
	for name, c := range map[string]struct{ first, then string }{
		"the last number":         {"UPDATE counters SET last_seq = last_seq + 4096", ""},
		"the last number, before": {"UPDATE counters SET last_seq = last_seq + 4096", "before an event"},
		"the count":               {"UPDATE counters SET trusted = trusted + 4096", ""},
		"none were deleted":       {"UPDATE counters SET deleted = -4096", ""},
	} {
		t.Run(name, func(t *testing.T) {
			file := copyOf(t, store)
			change(t, file, c.first)
			want := int64(29)
			if c.then != "" {
				l := open(t, file, sqlite.Options{})
				assert.Greater(t, appendAll(t, l, anEvent(t, "after the gap"))[0].Seq, int64(4096))
				require.NoError(t, l.Close())
				want++
			}
			kept := allEvents(t, prune(t, file, sqlite.Options{KeepEvents: 12}))
			require.Len(t, kept, 12)
			assert.Equal(t, want, kept[0].Seq)
		})
	}
}

func TestAllEventsAreDeleted(t *testing.T) {
	t.Parallel()
	events := ordersEvents(t, 10)
	file := storeOf(t, events...)
	l := pruneLater(t, file)
	assert.Empty(t, allEvents(t, l))
	assert.Zero(t, counts(t, l).Events())
	assert.Zero(t, counts(t, l).Rows.Of(receiver.Order))
	require.NoError(t, l.Close())
	l = open(t, file, sqlite.Options{}.WithRecent(20))
	requireDuplicates(t, l, 1, events)
	assert.EqualValues(t, 51, appendAll(t, l, ordersEvents(t, 10)...)[0].Seq, "a seq is used once")
	rowSet := receiver.NewRowSet()
	for _, e := range allEvents(t, l) {
		rowSet.Apply(e)
	}
	checkRows(t, l, rowSet)
}

func TestARowThatIsNotFinalOutlivesItsEvents(t *testing.T) {
	t.Parallel()
	events := orderEvents(t)[:3]
	l := pruneLater(t, storeOf(t, events...))
	assert.Empty(t, allEvents(t, l))
	r, ok, err := l.Row(t.Context(), receiver.Key{Kind: receiver.Order, ID: events[0].ID})
	require.NoError(t, err)
	require.True(t, ok)
	assert.EqualValues(t, 3, r.Events)
	assert.Len(t, r.Updates, 3)
}

// A row that was deleted and begun again is not made of the event that a reader had needed meanwhile.
func TestARowIsBegunAgainBesideAnEventThatWasKept(t *testing.T) {
	t.Parallel()
	events := ordersEvents(t, 3)
	for n := range 3 { // as many of the new row as there were before, less, and more
		file := storeOf(t, events...)
		l := open(t, file, sqlite.Options{})
		require.NoError(t, l.AddFailure(t.Context(), receiver.Failure{Reader: "exec", Seq: 2}))
		require.NoError(t, l.Close())

		l = prune(t, file, sqlite.Options{KeepEvents: 5})
		key := receiver.Key{Kind: receiver.Order, ID: events[4].ID}
		_, ok, err := l.Row(t.Context(), key)
		require.NoError(t, err)
		assert.Equal(t, []int64{2, 11, 12, 13, 14, 15}, seqsOf(allEvents(t, l)))
		assert.False(t, ok, "it ended")
		for i := range n + 1 {
			appendAll(t, l, delivery(t, orderBody(fmt.Sprint("again ", i), key.ID, "PLACED", start, 0), receiver.Verified))
		}
		row, ok, err := l.Row(t.Context(), key)
		require.NoError(t, err)
		require.True(t, ok)
		assert.EqualValues(t, n+1, row.Events)
		requireSound(t, l)
	}
}

func TestWhatAReaderNeedsIsKept(t *testing.T) {
	t.Parallel()
	file := storeOf(t, ordersEvents(t, 10)...)
	l := open(t, file, sqlite.Options{})
	require.NoError(t, l.SaveCheckpoint(t.Context(), "slow", receiver.Checkpoint{Cursor: 30, Done: []receiver.Span{{First: 32, Last: 32}}}))
	require.NoError(t, l.SaveCheckpoint(t.Context(), "quick", receiver.Checkpoint{Cursor: 50}))
	for _, seq := range []int64{3, 7} {
		require.NoError(t, l.AddFailure(t.Context(), receiver.Failure{Reader: "slow", Seq: seq}))
	}
	require.NoError(t, l.Close())
	o := sqlite.Options{KeepEvents: 5}

	l = prune(t, file, o)
	want := []int64{3, 7}
	for seq := int64(31); seq <= 50; seq++ {
		want = append(want, seq)
	}
	assert.Equal(t, want, seqsOf(allEvents(t, l)))

	require.NoError(t, l.SaveCheckpoint(t.Context(), "slow", receiver.Checkpoint{Cursor: 50}))
	require.NoError(t, l.RemoveFailure(t.Context(), "slow", 3))
	require.NoError(t, l.Close())
	l = prune(t, file, o)
	assert.Equal(t, []int64{7, 46, 47, 48, 49, 50}, seqsOf(allEvents(t, l)))
	assert.EqualValues(t, 6, counts(t, l).Events())
	all, err := l.Events(t.Context(), receiver.EventQuery{Since: start})
	require.NoError(t, err)
	assert.Len(t, all, 6, "the older event is found by its time, too")
}

func TestOldRejectedDeliveriesAreDeleted(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	for i := range 3 {
		e := delivery(t, `{"event":"x"}`, receiver.Rejected)
		e.ReceivedAt = start.Add(time.Duration(i) * time.Hour)
		l.Reject(e)
	}
	require.NoError(t, l.Close())
	now := func() time.Time { return start.Add(3 * time.Hour) }
	l = prune(t, file, sqlite.Options{KeepEvents: 1, Now: now})
	rejected, err := l.Events(t.Context(), receiver.EventQuery{Rejected: true})
	require.NoError(t, err)
	assert.Len(t, rejected, 3, "KeepEvents counts events only")
	require.NoError(t, l.Close())
	l = prune(t, file, sqlite.Options{Keep: time.Hour, Now: now})
	rejected, err = l.Events(t.Context(), receiver.EventQuery{Rejected: true})
	require.NoError(t, err)
	assert.Equal(t, []int64{3}, seqsOf(rejected))
	assert.EqualValues(t, 3, counts(t, l).Rejected)
}

// Retention works while deliveries come: they are stored, and the rows that stay are
// complete.
func TestRetentionBesideDeliveries(t *testing.T) {
	t.Parallel()
	file := storeOf(t, ordersEvents(t, 60)...)
	l := prune(t, file, sqlite.Options{KeepEvents: 50})
	require.NoError(t, l.Close())
	var wg sync.WaitGroup
	l = open(t, file, sqlite.Options{KeepEvents: 10}.WithRecent(50))
	for range 8 {
		wg.Go(func() {
			for range 6 {
				for i, e := range orderEvents(t) {
					r, err := l.Append(context.Background(), e)
					assert.NoError(t, err)
					assert.Falsef(t, r.Duplicate, "%d", i)
				}
			}
		})
	}
	wg.Wait()
	require.NoError(t, l.Close())
	l = prune(t, file, sqlite.Options{KeepEvents: 10})
	kept := allEvents(t, l)
	require.Len(t, kept, 10)
	assert.EqualValues(t, 540, kept[9].Seq)
	rows, err := l.Rows(t.Context(), receiver.RowQuery{Limit: 1000, Updates: true})
	require.NoError(t, err)
	assert.EqualValues(t, len(rows), counts(t, l).Rows.Of(receiver.Order))
	for _, r := range rows {
		assert.Len(t, r.Updates, 5, fmt.Sprint(r.ID, " is complete"))
	}
}

// While nothing comes, retention has the whole writer. Its share of a busy one grows with what
// there is to delete.
func TestTheShareOfRetentionGrowsWithTheBacklog(t *testing.T) {
	t.Parallel()
	const took = 100 * time.Millisecond
	for _, c := range []struct {
		backlogs []int64
		busy     bool
		limit    int
		pause    time.Duration
	}{
		{[]int64{1_000_000}, false, 1024, 0},
		{[]int64{10}, false, 1024, 0},
		{[]int64{10}, true, 256, 19 * took},
		{[]int64{1000}, true, 256, 19 * took},
		{[]int64{5000}, true, 256, 3 * took},
		{[]int64{10_000}, true, 256, took},
		{[]int64{1_000_000}, true, 256, took},
		{[]int64{12_000, 11_800, 300}, true, 256, took},         // all of it is quick, not only the first half
		{[]int64{2000, 1900, 1950, 1000}, true, 1024, took / 2}, // more came than were deleted
	} {
		limit, pause := sqlite.PaceOfRetention(took, c.busy, c.backlogs...)
		assert.Equal(t, c.limit, limit, c)
		assert.InDelta(t, c.pause, pause, float64(took/100), c)
	}
	_, pause := sqlite.PaceOfRetention(time.Microsecond, true, 1_000_000)
	assert.Equal(t, 10*time.Millisecond, pause, "a batch fits between two steps")
}

// Retention gets down to what is to be kept although events come all the while, and the
// senders go on.
func TestRetentionGetsDownUnderLoad(t *testing.T) {
	t.Parallel()
	file := storeOf(t, ordersEvents(t, 120)...)
	done := make(chan struct{})
	var once sync.Once
	l := open(t, file, sqlite.Options{KeepEvents: 20}.WithPruned(func(more bool) {
		if !more {
			once.Do(func() { close(done) })
		}
	}))
	ctx, stop := context.WithCancel(t.Context())
	var senders sync.WaitGroup
	var sent atomic.Int64
	for i := range 4 {
		senders.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				_, err := l.Append(t.Context(), anEvent(t, fmt.Sprint("s", i, "-", n)))
				assert.NoError(t, err)
				sent.Add(1)
			}
		})
	}
	<-done
	c := counts(t, l)
	stop()
	senders.Wait()
	assert.GreaterOrEqual(t, c.Deleted, int64(600-20))
	assert.Positive(t, sent.Load())
}
