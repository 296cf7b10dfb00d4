package arrivals_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/overview/arrivals"
)

var noon = time.Date(2026, 3, 14, 12, 0, 30, 0, time.UTC)

// arrived is an event that came some time ago.
func arrived(ago time.Duration, v receiver.Verdict) *receiver.Event {
	e := receivertest.Order("a", "PLACED", receivertest.As(v))
	e.ReceivedAt = noon.Add(-ago)
	return e
}

func TestTheLastHourIsReadFromTheLog(t *testing.T) {
	log := receivertest.NewLog()
	log.Add(
		arrived(2*time.Hour, receiver.Verified), arrived(50*time.Minute, receiver.Verified), arrived(50*time.Minute, receiver.Partial),
		arrived(time.Minute, receiver.Verified), arrived(0, receiver.Rejected),
	)
	counts, err := log.Counts(t.Context())
	require.NoError(t, err)
	log.Add(arrived(0, receiver.Verified)) // after the counts
	d, err := arrivals.Read(t.Context(), log, counts, noon)
	require.NoError(t, err)
	assert.Equal(t, arrivals.Verdicts{2, 0, 1, 0, 1}, d.Hour.Total())
	series := d.Hour.Series()
	assert.Equal(t, arrivals.Verdicts{1, 0, 1}, series[9])
	assert.Equal(t, arrivals.Verdicts{1}, series[58])
	assert.Equal(t, noon.Add(-time.Minute), d.Waits.Last.UTC())

	var live arrivals.Deliveries
	live.Hour.Advance(noon.Add(time.Minute))
	live.Hour.Add(noon.Add(time.Minute), receiver.Verified, 7)
	live.Merge(d)
	assert.EqualValues(t, 9, live.Hour.Total().Of(receiver.Verified))
	live.Hour.Advance(noon.Add(11 * time.Minute))
	assert.EqualValues(t, 8, live.Hour.Total().Of(receiver.Verified), "what is older than an hour is forgotten")
	live.Hour.Advance(noon.Add(3 * time.Hour))
	assert.Zero(t, live.Hour.Total())
}

func TestWhichWaitsAreUnusual(t *testing.T) {
	var w arrivals.Waits
	at := noon
	for i := range 20 {
		_, ok := w.Usual()
		assert.False(t, ok, "%d waits say too little", i-1)
		w.Add(at)
		w.Add(at.Add(time.Second)) // of the same minute
		at = at.Add(12 * time.Minute)
	}
	at = at.Add(18 * time.Minute)
	w.Add(at) // after half an hour
	usual, ok := w.Usual()
	assert.True(t, ok)
	assert.Equal(t, 12*time.Minute, usual)
	assert.False(t, w.Unusual(at.Add(time.Hour)), "twice the longest wait")
	assert.True(t, w.Unusual(at.Add(time.Hour+time.Minute)))

	var often arrivals.Waits
	for i := range 300 {
		often.Add(noon.Add(time.Duration(i) * time.Minute))
	}
	assert.False(t, often.Unusual(often.Last.Add(10*time.Minute)))
	assert.True(t, often.Unusual(often.Last.Add(11*time.Minute)))
}
