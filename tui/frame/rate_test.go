package frame

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestTheRateCountsTheLastMinute(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	var r Rate
	r.Advance(now)
	r.Add(now, 2)
	r.Add(now.Add(-30*time.Second), 3)
	r.Add(now.Add(-2*time.Minute), 9)
	r.Add(now.Add(time.Hour), 1) // a clock that is ahead
	assert.EqualValues(t, 6, r.perMinute())
	assert.Equal(t, []int64{0, 0, 0, 0, 3, 0, 0, 0, 0, 3}, r.series())
	r.Advance(now.Add(-time.Hour))
	assert.EqualValues(t, 6, r.perMinute(), "time does not go back")
	r.Advance(now.Add(40 * time.Second))
	assert.EqualValues(t, 3, r.perMinute())
	r.Advance(now.Add(time.Hour))
	assert.Zero(t, r.perMinute())
}

// The wall clock is put back; the times that the screen reads have the monotonic clock.
func TestTheRateDoesNotDependOnTheWallClock(t *testing.T) {
	now := time.Now()
	var r Rate
	r.Advance(now)
	r.Add(now.Add(365*24*time.Hour).Round(0), 4) // stored before the clock was put back
	assert.EqualValues(t, 4, r.perMinute())
	r.Advance(now.Add(61 * time.Second))
	assert.Zero(t, r.perMinute())
}
