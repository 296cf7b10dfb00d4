package sqlite_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// rejects stores rejected deliveries and waits until they are written.
func rejects(t *testing.T, l *sqlite.Log, bodies ...string) {
	t.Helper()
	want := counts(t, l).Rejected + int64(len(bodies))
	for _, body := range bodies {
		e := delivery(t, body, receiver.Rejected)
		e.Reason, e.Plain = "signature-mismatch", true
		l.Reject(e)
	}
	for v := receiver.Version(0); counts(t, l).Rejected < want; {
		var err error
		v, err = l.Wait(t.Context(), v)
		require.NoError(t, err)
	}
}

// rejected returns the numbers of the rejected deliveries that are kept.
func rejected(t *testing.T, l *sqlite.Log) []int64 {
	t.Helper()
	events, err := l.Events(t.Context(), receiver.EventQuery{Rejected: true, Limit: receiver.RejectedKept})
	require.NoError(t, err)
	return seqsOf(events)
}

// goodNow is the event that a rejected delivery becomes.
func goodNow(t *testing.T, l *sqlite.Log, number int64, at time.Time) *receiver.Event {
	t.Helper()
	e, err := receiver.EventAt(t.Context(), l, number, true)
	require.NoError(t, err)
	require.NotNil(t, e)
	assert.True(t, e.Plain)
	e.Verdict, e.Reason, e.Rejection, e.Admitted, e.Plain = receiver.Verified, "", number, at, false
	return e
}

func TestAnAdmittedDeliveryIsAnEventAtItsPlaceInTime(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	rejects(t, l, orderBody("m1", "o1", "PLACED", start, 0), orderBody("m2", "o2", "PLACED", start, 0))
	appendAll(t, l, delivery(t, orderBody("m3", "o1", "FULFILLED", start.Add(time.Hour), 0), receiver.Verified))
	at := start.Add(48 * time.Hour)
	e := goodNow(t, l, 1, at)
	receipts, err := l.Admit(t.Context(), e)
	require.NoError(t, err)
	assert.Equal(t, []receiver.Receipt{{Seq: 2}}, receipts)
	assert.Equal(t, []int64{2}, rejected(t, l))

	events := allEvents(t, l)
	require.Len(t, events, 2)
	want := *e
	want.Seq = 2
	assert.Equal(t, want, *events[1])
	row, ok, err := l.Row(t.Context(), receiver.Key{Kind: receiver.Order, ID: "o1"})
	require.NoError(t, err)
	require.True(t, ok)
	assert.Equal(t, receiver.Status("FULFILLED"), row.Status, "the later status stays")
	assert.Len(t, row.Updates, 2)
	assert.Equal(t, receiver.Status("PLACED"), row.Updates[0].Status)

	result, err := l.Verify(t.Context(), nil)
	require.NoError(t, err)
	assert.Empty(t, result.Problems)
	require.NoError(t, l.Close())
	again := open(t, file, sqlite.Options{})
	assert.Equal(t, want, *allEvents(t, again)[1])
}

// A delivery is admitted once, whoever asks.
func TestADeliveryIsAdmittedOnce(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	rejects(t, l, orderBody("m1", "o1", "PLACED", start, 0), orderBody("m1", "o1", "PLACED", start, 0), orderBody("m2", "o1", "PLACED", start, 0))
	first, again, gone := goodNow(t, l, 1, start), goodNow(t, l, 2, start), goodNow(t, l, 3, start)
	gone.Rejection = 9
	receipts, err := l.Admit(t.Context(), first, again, first, gone)
	require.NoError(t, err)
	assert.Equal(t, []receiver.Receipt{{Seq: 1}, {Seq: 1, Duplicate: true}, {Gone: true}, {Gone: true}}, receipts)
	assert.Equal(t, []int64{3}, rejected(t, l))
	assert.Len(t, allEvents(t, l), 1)
	assert.EqualValues(t, 1, counts(t, l).Duplicates)

	_, err = l.Admit(t.Context(), delivery(t, orderBody("m4", "o1", "PLACED", start, 0), receiver.Verified))
	assert.Error(t, err, "it was never rejected")
	refused := goodNow(t, l, 3, start)
	refused.Verdict = receiver.Rejected
	_, err = l.Admit(t.Context(), refused)
	assert.Error(t, err)
}

// If the transaction fails, the delivery stays rejected, and is admitted later.
func TestAFailedAdmissionLosesNothing(t *testing.T) {
	t.Parallel()
	full := false
	l := newLog(t, sqlite.Options{}.WithPragmas(func() []string {
		if full {
			return []string{"query_only = ON"}
		}
		return nil
	}))
	rejects(t, l, orderBody("m1", "o1", "PLACED", start, 0))
	e := goodNow(t, l, 1, start)
	full = true
	reopen(t, l)
	_, err := l.Admit(t.Context(), e)
	require.Error(t, err)
	assert.Equal(t, []int64{1}, rejected(t, l))
	assert.Empty(t, allEvents(t, l))
	full = false
	receipts, err := l.Admit(t.Context(), e)
	require.NoError(t, err)
	assert.Equal(t, []receiver.Receipt{{Seq: 1}}, receipts)
	assert.Empty(t, rejected(t, l))
}

// A search by time goes by the arrival, although the store has the event later.
func TestAnAdmittedEventIsFoundByItsArrival(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	rejects(t, l, orderBody("m1", "o1", "PLACED", start, 0))
	append1 := func(id string, minute int) {
		e := delivery(t, orderBody(id, "o1", "PLACED", start, 0), receiver.Verified)
		e.ReceivedAt = start.Add(time.Duration(minute) * time.Minute)
		appendAll(t, l, e)
	}
	for i := range 5 {
		append1(string(rune('a'+i)), 10+i)
	}
	old := goodNow(t, l, 1, start.Add(20*time.Minute))
	old.ReceivedAt = start.Add(5 * time.Minute)
	_, err := l.Admit(t.Context(), old)
	require.NoError(t, err)
	append1("f", 21)
	for since, want := range map[time.Duration][]int64{
		0: {1, 2, 3, 4, 5, 6, 7}, 5 * time.Minute: {1, 2, 3, 4, 5, 6, 7}, 6 * time.Minute: {1, 2, 3, 4, 5, 7}, 13 * time.Minute: {4, 5, 7}, 21 * time.Minute: {7},
	} {
		for _, oldest := range []bool{true, false} {
			events, err := l.Events(t.Context(), receiver.EventQuery{Since: start.Add(since), Oldest: oldest})
			require.NoError(t, err)
			assert.Equal(t, want, seqsOf(events), since)
			events, err = l.Events(t.Context(), receiver.EventQuery{Since: start.Add(since), Oldest: oldest, Limit: 2})
			require.NoError(t, err)
			if oldest {
				assert.Equal(t, want[:min(2, len(want))], seqsOf(events), since)
			} else {
				assert.Equal(t, want[max(0, len(want)-2):], seqsOf(events), since)
			}
		}
	}
}

// Events that are admitted long after they came make no others look old, and are kept as
// long as others that were stored with them.
func TestRetentionKeepsWhatIsYoungerThanAnAdmittedEvent(t *testing.T) {
	now := start
	pruned := make(chan bool)
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{Now: func() time.Time { return now }})
	var bodies []string
	for i := range 40 {
		bodies = append(bodies, orderBody(fmt.Sprint("r", i), "o1", "PLACED", start, 0))
	}
	rejects(t, l, bodies...)
	for day := range 29 {
		e := delivery(t, orderBody(fmt.Sprint("m", day), "o2", "PLACED", start, 0), receiver.Verified)
		e.ReceivedAt = start.Add(time.Duration(day+1) * 24 * time.Hour)
		appendAll(t, l, e)
	}
	var good []*receiver.Event
	for i := range 40 {
		e := goodNow(t, l, int64(i+1), start.Add(29*24*time.Hour))
		e.ReceivedAt = start.Add(time.Duration(i) * time.Minute) // minutes in which nothing else came
		good = append(good, e)
	}
	_, err := l.Admit(t.Context(), good...)
	require.NoError(t, err)
	last := delivery(t, orderBody("last", "o2", "PLACED", start, 0), receiver.Verified)
	last.ReceivedAt = start.Add(31 * 24 * time.Hour)
	appendAll(t, l, last)
	require.NoError(t, l.Close())

	now = start.Add(31*24*time.Hour + time.Hour) // those of the first day are old
	open(t, file, sqlite.Options{Now: func() time.Time { return now }, Keep: 30 * 24 * time.Hour}.WithPruned(func(more bool) { pruned <- more }))
	for <-pruned {
	}
	left := allEvents(t, open(t, file, sqlite.Options{ReadOnly: true}))
	assert.GreaterOrEqual(t, len(left), 68, "at most those of the first two days are gone")
}

func TestAnExportKeepsTheMarkOfAdmission(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	rejects(t, l, orderBody("m1", "o1", "PLACED", start, 0), orderBody("m2", "o1", "PLACED", start, 0))
	_, err := l.Admit(t.Context(), goodNow(t, l, 1, start.Add(time.Hour)))
	require.NoError(t, err)
	var export bytes.Buffer
	require.NoError(t, l.Export(t.Context(), &export))

	file := filepath.Join(t.TempDir(), "copy.db")
	_, err = sqlite.Import(t.Context(), file, bytes.NewReader(export.Bytes()))
	require.NoError(t, err)
	restored := open(t, file, sqlite.Options{})
	assert.Equal(t, allEvents(t, l), allEvents(t, restored))
	assert.Equal(t, []int64{2}, rejected(t, restored))
	assert.True(t, goodNow(t, restored, 2, start).Admitted.Equal(start))

	// In another store the number may be that of another delivery.
	merged := filepath.Join(t.TempDir(), "other.db")
	other := open(t, merged, sqlite.Options{})
	appendAll(t, other, delivery(t, orderBody("m9", "o9", "PLACED", start, 0), receiver.Verified))
	require.NoError(t, other.Close())
	_, err = sqlite.Import(t.Context(), merged, bytes.NewReader(export.Bytes()))
	require.NoError(t, err)
	e := allEvents(t, open(t, merged, sqlite.Options{}))[1]
	assert.Equal(t, start.Add(time.Hour), e.Admitted)
	assert.Zero(t, e.Rejection)
}

// newestBefore finds the place of an event as the slow way does.
func newestBefore(events []*receiver.Event, e *receiver.Event) (after int64) {
	for _, other := range events {
		if other.Seq < e.Seq && !other.Entered().After(e.ReceivedAt) {
			after = other.Seq
		}
	}
	return after
}

// The places of admitted events are kept: over a restart, in a copy, and until they are deleted.
func TestPlacesOfAdmittedEvents(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "events.db")
	l := open(t, file, sqlite.Options{})
	for n := range 20 {
		e := delivery(t, orderBody(fmt.Sprint("m", n), "o1", "PLACED", start, 0), receiver.Verified)
		e.ReceivedAt = start.Add(time.Duration(n*n) * time.Second) // several in a minute, and minutes without any
		appendAll(t, l, e)
		if n%3 == 0 {
			bad := delivery(t, orderBody(fmt.Sprint("bad", n), "o2", "PLACED", start, 0), receiver.Rejected)
			bad.Reason, bad.Plain, bad.ReceivedAt = "signature-mismatch", true, e.ReceivedAt.Add(time.Millisecond)
			l.Reject(bad)
		}
	}
	require.NoError(t, l.Close())
	tick, pruned := make(chan struct{}), make(chan bool, 100)
	l = open(t, file, sqlite.Options{KeepEvents: 24}.WithTicks(tick).WithPruned(func(more bool) { pruned <- more }))
	places, err := l.Places(t.Context(), 0)
	require.NoError(t, err)
	assert.Empty(t, places)
	for n := int64(7); n > 0; n -= 2 {
		_, err := l.Admit(t.Context(), goodNow(t, l, n, start.Add(time.Hour)))
		require.NoError(t, err)
	}
	events := allEvents(t, l)
	check := func(l *sqlite.Log) {
		t.Helper()
		places, err := l.Places(t.Context(), 0)
		require.NoError(t, err)
		var want []receiver.Place
		for _, e := range events[20:] {
			want = append(want, receiver.Place{Seq: e.Seq, After: newestBefore(events, e), At: e.ReceivedAt})
		}
		assert.Equal(t, want, places)
		later, err := l.Places(t.Context(), 23)
		require.NoError(t, err)
		assert.Equal(t, want[len(want)-1:], later)
	}
	check(l)
	var times []time.Time
	for page, err := range receiver.PagesInTime(t.Context(), l, receiver.EventQuery{}) {
		require.NoError(t, err)
		for _, e := range page {
			times = append(times, e.ReceivedAt)
		}
	}
	assert.Len(t, times, 24)
	assert.True(t, slices.IsSortedFunc(times, time.Time.Compare), "%v", times)

	viewer := open(t, file, sqlite.Options{ReadOnly: true})
	check(viewer)
	var export bytes.Buffer
	require.NoError(t, l.Export(t.Context(), &export))
	copied := filepath.Join(dir, "copy.db")
	_, err = sqlite.Import(t.Context(), copied, &export)
	require.NoError(t, err)
	check(open(t, copied, sqlite.Options{}))

	for n := range 22 {
		appendAll(t, l, delivery(t, orderBody(fmt.Sprint("late", n), "o1", "PLACED", start, 0), receiver.Verified))
	}
	tick <- struct{}{}
	tick <- struct{}{} // the first one is done
	events = append(events[:20:20], events[22:]...)
	check(l)
}
