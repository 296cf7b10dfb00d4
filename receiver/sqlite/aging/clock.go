package aging

import (
	"time"

	"github.com/up42/up42-webhooks/receiver/boottime"
)

// tolerance is how far the arrival of an event may be ahead of the start of the next
// receiver without a jump.
const tolerance = time.Minute

// Clock is what a running receiver knows about time.
type Clock struct {
	*boottime.Clock
	// start is where the store was when the receiver started, began when that was,
	// and pause how long nothing had come then.
	start   Jump
	began   time.Duration
	settled time.Duration // the start, or the last jump
	pause   time.Duration
}

// NewClock makes a Clock. elapsed may be nil.
func NewClock(now func() time.Time, elapsed func() time.Duration) *Clock {
	c := &Clock{Clock: boottime.NewClock(now, elapsed)}
	c.began = c.Elapsed()
	c.settled = c.began
	return c
}

// Start tells the clock where the store is and when its newest event came; zero if it has
// none. It returns how far the clock was moved while no receiver ran, as far as that is
// certain.
func (c *Clock) Start(at Jump, newest time.Time, jumps []Jump) (moved time.Duration) {
	c.start = at
	if newest.IsZero() {
		return 0
	}
	var outstanding, since time.Duration
	for i := range jumps {
		outstanding = add(outstanding, jumps[i].By)
		if jumps[i].Seq >= at.Seq {
			since = add(since, jumps[i].By)
		}
	}
	pause := c.Now().Round(0).Sub(newest.Add(since))
	switch {
	case pause < -tolerance:
		return pause
	case outstanding < -tolerance && pause > -outstanding/2:
		// The clock was behind, and is mended.
		moved = min(pause, -outstanding)
	}
	c.pause = pause - moved
	return moved
}

// Jumped must be called with each jump of the clock. It returns what the jump says about
// the pause before the start: if the clock goes back, it was perhaps ahead since then.
func (c *Clock) Jumped(by time.Duration) (atStart time.Duration) {
	c.settled = c.Elapsed()
	if by >= 0 || c.pause <= 0 {
		return 0
	}
	atStart = min(c.pause, -by)
	c.pause -= atStart
	return atStart
}

// StartedAt is the place in the store at the start.
func (c *Clock) StartedAt() Jump { return c.start }

// Judge returns what is old if events are kept for a time. find returns the earliest
// minute from first to last, both since 1970, in which an event came.
func (c *Clock) Judge(keep time.Duration, jumps []Jump, find func(first, last int64) (minute int64, ok bool, err error)) (*Judge, error) {
	now := c.Now()
	j := &Judge{jumps: jumps, start: c.start, outlived: c.Elapsed()-c.began > keep, until: now.Add(-keep).UnixMicro()}
	if c.pause > keep/2 && c.Elapsed()-c.settled < settleTime {
		j.pause = c.pause
	}
	from := now
	for {
		minute, ok, err := find(from.Add(-maxSilence).Unix()/60, from.Unix()/60-1)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		from = time.Unix(minute*60, 0)
	}
	j.from = from.Add(-maxSilence).UnixMicro()
	return j, nil
}

// Minutes returns the first minute of what is old by the clock of now, and the first
// that is not, since 1970.
func (j *Judge) Minutes() (from, until int64) {
	const long = 60_000_000
	return j.from / long, j.until / long
}
