package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func drawEvent(t *rapid.T) *receiver.Event {
	name := rapid.SampledFrom([]string{"order.status", "job.status", "order.status", "something.else"}).Draw(t, "event")
	id := rapid.SampledFrom([]string{"a", "b", "", "\\u0000x"}).Draw(t, "id")
	body := fmt.Sprintf(`{"event":%q,"messageId":"m%d","timestamp":%q,"liveMode":%v,"body":{"orderId":"%s","jobId":"%s","status":%q,"dataHostName":%q,"subStatus":%q,"jobTaskId":%q}}`,
		name, rapid.IntRange(0, 30).Draw(t, "message"), start.Add(time.Duration(rapid.IntRange(0, 9).Draw(t, "at"))*time.Second).Format(time.RFC3339),
		rapid.Bool().Draw(t, "live"), id, id,
		rapid.SampledFrom([]string{"PLACED", "FULFILLED", "RUNNING", "NEW ONE", ""}).Draw(t, "status"), rapid.SampledFrom([]string{"", "oneatlas"}).Draw(t, "host"),
		rapid.SampledFrom([]string{"", "QUOTATION_WAITING_RESPONSE"}).Draw(t, "sub-status"), rapid.SampledFrom([]string{"", "", "t1", "t2"}).Draw(t, "task"))
	m, err := receiver.Decode([]byte(body))
	require.NoError(t, err)
	return &receiver.Event{
		Message: m, Raw: []byte(body), ReceivedAt: start, Ahead: rapid.IntRange(0, 5).Draw(t, "ahead") == 0,
		Verdict: rapid.SampledFrom([]receiver.Verdict{receiver.Verified, receiver.Trusted, receiver.Partial, receiver.Unsigned}).Draw(t, "verdict"),
	}
}

// everyKindOfRow returns the events of a live and a test order of one id, and of a job with
// tasks. The first claims a time that is too far ahead.
func everyKindOfRow(t testing.TB) []*receiver.Event {
	ahead := delivery(t, `{"event":"order.status","messageId":"m1","liveMode":true,"timestamp":"2099-01-01T00:00:00Z","body":{"orderId":"o","status":"CREATED"}}`, receiver.Verified)
	ahead.Ahead = true
	return []*receiver.Event{
		ahead,
		delivery(t, `{"event":"order.status","messageId":"m2","liveMode":true,"timestamp":"2026-11-23T10:01:00Z","body":{"orderId":"o","status":"CREATED","subStatus":"QUOTATION_WAITING_RESPONSE"}}`, receiver.Verified),
		delivery(t, `{"event":"order.status","messageId":"m3","liveMode":false,"timestamp":"2026-11-23T10:02:00Z","body":{"orderId":"o","status":"FULFILLED"}}`, receiver.Verified),
		delivery(t, `{"event":"job.status","messageId":"m4","liveMode":true,"timestamp":"2026-11-23T10:03:00Z","body":{"jobId":7,"status":"RUNNING"}}`, receiver.Verified),
		delivery(t, `{"event":"job.status","messageId":"m5","liveMode":true,"timestamp":"2026-11-23T10:04:00Z","body":{"jobId":7,"jobTaskId":"t1","name":"crop","status":"SUCCEEDED"}}`, receiver.Verified),
		delivery(t, `{"event":"job.status","messageId":"m6","liveMode":true,"timestamp":"2026-11-23T10:05:00Z","body":{"jobId":7,"jobTaskId":"t2","status":"RUNNING"}}`, receiver.Partial),
	}
}

func TestRowsOfEveryKind(t *testing.T) {
	t.Parallel()
	for _, recent := range []int{1, 1000} { // in the index, and beside it
		file := filepath.Join(t.TempDir(), "events.db")
		options := sqlite.Options{}.WithRecent(recent)
		l := open(t, file, options)
		rowSet := receiver.NewRowSet()
		for _, e := range everyKindOfRow(t) {
			seq := appendAll(t, l, e)[0].Seq
			stored := *e
			stored.Seq = seq
			rowSet.Apply(&stored)
			require.NoError(t, l.Close())
			l = open(t, file, options) // each row is read from the store
		}
		require.Equal(t, 3, rowSet.Len())
		checkRows(t, l, rowSet)
		checkStore(t, l, nil)
		assert.Equal(t, receiver.RowCounts{2, 1}, counts(t, l).Rows)
		row := func(k receiver.Key) receiver.Row {
			r, ok, err := l.Row(t.Context(), k)
			require.NoError(t, err)
			require.True(t, ok)
			return r
		}
		live := row(receiver.Key{Kind: receiver.Order, ID: "o"})
		assert.Equal(t, receiver.NeedsYou, live.Class())
		assert.Equal(t, start.Add(time.Minute), live.LastChange)
		assert.Equal(t, start, live.FirstSeen, "2099 counts as the arrival")
		assert.Equal(t, receiver.Status("FULFILLED"), row(receiver.Key{Kind: receiver.Order, ID: "o", Test: true}).Status)
		job := row(receiver.Key{Kind: receiver.Job, ID: "7"})
		assert.Equal(t, receiver.Status("RUNNING"), job.Status)
		require.Len(t, job.Tasks, 2)
		assert.Equal(t, receiver.PartialTrust, job.Tasks[1].Trust)
		assert.True(t, allEvents(t, l)[0].Ahead)
		rows, err := l.Rows(t.Context(), receiver.RowQuery{Kind: receiver.Order})
		require.NoError(t, err)
		require.Len(t, rows, 2)
		assert.True(t, rows[0].Test)
		assert.False(t, rows[1].Test)
	}
}

func rowSeqs(rows []receiver.Row) (out []int64) {
	for _, r := range rows {
		out = append(out, r.Seq)
	}
	return out
}

func TestRowsByPage(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	var events []*receiver.Event
	for i := range 20 { // events 1 to 20; every second one is of an order
		events = append(events, status(t, i, "one"))
	}
	for i := range 10 { // events 21 to 30 change the first ten rows
		events = append(events, status(t, i, "two"))
	}
	appendAll(t, l, events...)
	for name, c := range map[string]struct {
		q    receiver.RowQuery
		want []int64
	}{
		"all":             {receiver.RowQuery{}, []int64{30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11}},
		"orders":          {receiver.RowQuery{Kind: receiver.Order}, []int64{29, 27, 25, 23, 21, 19, 17, 15, 13, 11}},
		"jobs, page":      {receiver.RowQuery{Kind: receiver.Job, Limit: 3}, []int64{30, 28, 26}},
		"jobs, next page": {receiver.RowQuery{Kind: receiver.Job, Limit: 3, Before: 26}, []int64{24, 22, 20}},
		"both, page":      {receiver.RowQuery{Limit: 3, Before: 20}, []int64{19, 18, 17}},
		"what changed":    {receiver.RowQuery{After: 27}, []int64{30, 29, 28}},
		"nothing changed": {receiver.RowQuery{After: 30}, nil},
		"unknown kind":    {receiver.RowQuery{Kind: "asset"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := l.Rows(t.Context(), c.q)
			require.NoError(t, err)
			assert.Equal(t, c.want, rowSeqs(rows))
			for _, r := range rows {
				assert.Nil(t, r.Updates)
				assert.NotEmpty(t, r.ShortJourney)
			}
			if c.q.Kind != "" {
				numbers, err := receiver.RowNumbers(t.Context(), l, c.q.Kind, c.q.Before, c.q.Limit)
				require.NoError(t, err)
				assert.Equal(t, c.want, numbers)
			}
			c.q.Updates = true
			rows, err = l.Rows(t.Context(), c.q)
			require.NoError(t, err)
			assert.Equal(t, c.want, rowSeqs(rows))
			for _, r := range rows {
				assert.Len(t, r.Updates, int(r.Events))
			}
		})
	}
	_, ok, err := l.Row(t.Context(), receiver.Key{Kind: receiver.Order, ID: "nobody"})
	require.NoError(t, err)
	assert.False(t, ok)
}

// status returns an event of the i-th row, an order or a job.
func status(t testing.TB, i int, message string) *receiver.Event {
	kind, field := "order", "orderId"
	if i%2 == 1 {
		kind, field = "job", "jobId"
	}
	return delivery(t, fmt.Sprintf(`{"event":"%s.status","messageId":"%s-%d","body":{%q:"id-%d","status":"RUNNING"}}`, kind, message, i, field, i), receiver.Verified)
}

func TestMoreRowsAndMessagesThanInMemory(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{}.WithRecent(2000))
	rowSet := receiver.NewRowSet()
	const rows = 2200
	for round := range 2 {
		for from := 0; from < rows/(round+1); from += 550 {
			var events []*receiver.Event
			for i := range 550 {
				events = append(events, status(t, from+i, fmt.Sprint("round", round)))
			}
			receipts, err := l.AppendAll(t.Context(), events)
			require.NoError(t, err)
			for i, e := range events {
				stored := *e
				stored.Seq = receipts[i].Seq
				rowSet.Apply(&stored)
			}
		}
	}
	checkRows(t, l, rowSet)

	// Both the oldest and the newest messages are duplicates.
	before := counts(t, l)
	for round := range 2 {
		for i := 0; i < rows/(round+1); i += rows / 20 {
			r := appendAll(t, l, status(t, i, fmt.Sprint("round", round)))
			require.True(t, r[0].Duplicate)
		}
	}
	assert.Equal(t, before.Duplicates+30, counts(t, l).Duplicates)
}

func TestTrustRisesWhereverTheMessageIsStored(t *testing.T) {
	t.Parallel()
	for _, recent := range []int{1, 2, 7, 1000} {
		t.Run(fmt.Sprint(recent), func(t *testing.T) {
			l := newLog(t, sqlite.Options{}.WithRecent(recent))
			n := 0
			others := func() { // enough for all partitions to be moved
				for range min(4*recent, 40) {
					n++
					appendAll(t, l, delivery(t, fmt.Sprintf(`{"event":"x","messageId":"%d"}`, n), receiver.Verified))
				}
			}
			var seq int64
			for _, v := range []receiver.Verdict{receiver.Unsigned, receiver.Partial, receiver.Verified} {
				e := delivery(t, orderBody("raised", "o", "PLACED", start, 0), v)
				r := appendAll(t, l, e)[0]
				assert.False(t, r.Duplicate)
				assert.Greater(t, r.Seq, seq)
				seq = r.Seq
				others()
				assert.Equal(t, receiver.Receipt{Seq: seq, Duplicate: true}, appendAll(t, l, e)[0])
			}
		})
	}
}
