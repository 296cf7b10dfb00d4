package sqlite_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func seqsOf(events []*receiver.Event) (out []int64) {
	for _, e := range events {
		out = append(out, e.Seq)
	}
	return out
}

func TestEventsByPage(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	// The events arrive every 30 seconds. The clock is set back before the sixth.
	arrivals := []int{0, 30, 60, 90, 120, 45, 150}
	for i, sec := range arrivals {
		e := anEvent(t, fmt.Sprint(i))
		e.ReceivedAt = start.Add(time.Duration(sec) * time.Second)
		appendAll(t, l, e)
	}
	at := func(sec int) time.Time { return start.Add(time.Duration(sec) * time.Second) }
	for name, c := range map[string]struct {
		q    receiver.EventQuery
		want []int64
	}{
		"all":                     {receiver.EventQuery{}, []int64{1, 2, 3, 4, 5, 6, 7}},
		"newest":                  {receiver.EventQuery{Limit: 2}, []int64{6, 7}},
		"oldest":                  {receiver.EventQuery{Limit: 2, Oldest: true}, []int64{1, 2}},
		"after":                   {receiver.EventQuery{After: 2, Limit: 2, Oldest: true}, []int64{3, 4}},
		"before":                  {receiver.EventQuery{Before: 5, Limit: 2}, []int64{3, 4}},
		"between":                 {receiver.EventQuery{After: 2, Before: 5}, []int64{3, 4}},
		"since":                   {receiver.EventQuery{Since: at(90)}, []int64{4, 5, 7}},
		"since, clock set back":   {receiver.EventQuery{Since: at(45)}, []int64{3, 4, 5, 6, 7}},
		"since, to the ns":        {receiver.EventQuery{Since: at(120).Add(1)}, []int64{7}},
		"since, oldest":           {receiver.EventQuery{Since: at(50), Limit: 2, Oldest: true}, []int64{3, 4}},
		"since, after":            {receiver.EventQuery{Since: at(50), After: 4}, []int64{5, 7}},
		"since, nothing":          {receiver.EventQuery{Since: at(1000)}, nil},
		"since, long before":      {receiver.EventQuery{Since: start.AddDate(-100, 0, 0), Limit: 1}, []int64{7}},
		"nothing after the last":  {receiver.EventQuery{After: 7}, nil},
		"nothing before the 1st":  {receiver.EventQuery{Before: 1}, nil},
		"no rejected, by default": {receiver.EventQuery{Rejected: true}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			events, err := l.Events(t.Context(), c.q)
			require.NoError(t, err)
			assert.Equal(t, c.want, seqsOf(events))
		})
	}
}

func allRejected(t *testing.T, l *sqlite.Log) (all []*receiver.Event) {
	t.Helper()
	for page, err := range receiver.Pages(t.Context(), l, receiver.EventQuery{Rejected: true, Oldest: true}) {
		require.NoError(t, err)
		all = append(all, page...)
	}
	return all
}

func TestTheNewestThousandRejectedAreKept(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	const n = receiver.RejectedKept + 250
	version, err := l.Wait(t.Context(), 0)
	require.NoError(t, err)
	for i := range n {
		e := delivery(t, fmt.Sprintf(`{"event":"x","messageId":"%d"}`, i+1), receiver.Rejected)
		e.Reason = "signature-mismatch"
		l.Reject(e)
	}
	for counts(t, l).Rejected < n {
		version, err = l.Wait(t.Context(), version)
		require.NoError(t, err)
	}
	c := counts(t, l)
	assert.EqualValues(t, n, c.LastRejected)
	assert.Zero(t, c.Events())
	kept, err := l.Events(t.Context(), receiver.EventQuery{Rejected: true, Limit: 2 * n})
	require.NoError(t, err)
	require.Len(t, kept, receiver.RejectedKept)
	last := kept[len(kept)-1]
	assert.EqualValues(t, n, last.Seq)
	assert.EqualValues(t, "signature-mismatch", last.Reason)
	assert.Equal(t, receiver.Rejected, last.Verdict)
	assert.Equal(t, fmt.Sprint(n), last.MessageID)
	assert.NotEmpty(t, last.Headers)
	page, err := l.Events(t.Context(), receiver.EventQuery{Rejected: true, Before: last.Seq, Limit: 2})
	require.NoError(t, err)
	assert.Equal(t, []int64{n - 2, n - 1}, seqsOf(page))
	assert.Empty(t, allEvents(t, l), "rejected deliveries are not events")
}

func TestRejectedBodiesAreBounded(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	const n = 100
	body := []byte(strings.Repeat("x", 128<<10))
	for range n {
		l.Reject(&receiver.Event{Verdict: receiver.Rejected, Reason: receiver.BodyTooLarge, Raw: body})
	}
	l.Reject(&receiver.Event{Verdict: receiver.Rejected, Reason: receiver.MethodNotAllowed})
	file := l.File()
	require.NoError(t, l.Close())

	l = open(t, file, sqlite.Options{})
	assert.EqualValues(t, n+1, counts(t, l).Rejected, "each is counted")
	kept := allRejected(t, l)
	require.Greater(t, len(kept), 1)
	assert.Empty(t, kept[len(kept)-1].Raw)
	assert.Len(t, kept[len(kept)-2].Raw, 64<<10, "the start of the body")
}

// The newest events come from memory, unless another process has written in between.
func TestAFollowerGetsWhatTheStoreHas(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l, other := open(t, file, sqlite.Options{Poll: time.Millisecond}), open(t, file, sqlite.Options{})
	const rounds = 4 // fewer pages than a checkpoint needs: a store has one writer
	var got []*receiver.Event
	var following sync.WaitGroup
	following.Go(func() {
		for len(got) < 6*rounds {
			page, err := l.Next(t.Context(), int64(len(got)), 4)
			if !assert.NoError(t, err) {
				return
			}
			got = append(got, page...)
		}
	})
	for i := range rounds {
		at := func(message string, v receiver.Verdict) *receiver.Event {
			return delivery(t, orderBody(message, fmt.Sprint("o", i), "PLACED", start, i), v)
		}
		m := fmt.Sprint("m", i)
		appendAll(t, l, at(m, receiver.Partial), at(m, receiver.Verified), at(m, receiver.Verified), at("", receiver.Unsigned))
		conflict := at(m, receiver.Verified)
		conflict.Raw = append(conflict.Raw, ' ')
		appendAll(t, l, conflict)
		appendAll(t, other, at(m+" of another process", receiver.Verified))
		_, err := l.AppendAll(t.Context(), []*receiver.Event{at(m+" again", receiver.Trusted)})
		require.NoError(t, err)
	}
	following.Wait()
	want := allEvents(t, l)
	require.Len(t, want, 6*rounds)
	assert.Equal(t, want, got)
}
