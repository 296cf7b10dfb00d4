package sqlite_test

import (
	"bytes"
	"path/filepath"
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

	result, err := l.Verify(t.Context())
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

func TestAnAdmittedEventIsFoundByItsArrival(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	rejects(t, l, orderBody("m1", "o1", "PLACED", start, 0))
	for i := range 5 {
		e := delivery(t, orderBody(string(rune('a'+i)), "o1", "PLACED", start, 0), receiver.Verified)
		e.ReceivedAt = start.Add(time.Duration(i+10) * time.Minute)
		appendAll(t, l, e)
	}
	old := goodNow(t, l, 1, start)
	old.ReceivedAt = start.Add(5 * time.Minute)
	_, err := l.Admit(t.Context(), old)
	require.NoError(t, err)
	for since, want := range map[time.Duration][]int64{0: {1, 2, 3, 4, 5, 6}, 5 * time.Minute: {1, 2, 3, 4, 5, 6}, 6 * time.Minute: {1, 2, 3, 4, 5}, 13 * time.Minute: {4, 5}} {
		events, err := l.Events(t.Context(), receiver.EventQuery{Since: start.Add(since)})
		require.NoError(t, err)
		assert.Equal(t, want, seqsOf(events), since)
	}
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
