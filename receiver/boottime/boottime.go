// Package boottime measures time without the wall clock, which NTP and people set.
package boottime

import "time"

// threshold is how far the wall clock may move by itself between two looks at it. NTP
// moves it by milliseconds.
const threshold = 10 * time.Second

// Clock compares the wall clock with the time that passed. It is not safe for concurrent
// use.
type Clock struct {
	now     func() time.Time
	elapsed func() time.Duration
	// difference is that of the two at the last look.
	difference time.Duration
	origin     time.Time
}

// NewClock makes a Clock. elapsed returns the time that passed since any fixed moment; nil
// is the time since the machine was started.
func NewClock(now func() time.Time, elapsed func() time.Duration) *Clock {
	if elapsed == nil {
		elapsed = newElapsed()
	}
	c := &Clock{now: now, elapsed: elapsed}
	c.origin = now().Round(0) // without the monotonic clock
	c.difference = -elapsed()
	return c
}

// Now is the wall clock.
func (c *Clock) Now() time.Time { return c.now() }

// Elapsed is the time that passed since a fixed moment.
func (c *Clock) Elapsed() time.Duration { return c.elapsed() }

// Jump returns how far the wall clock was moved since the last call, positive if ahead;
// 0 if it goes on as before.
func (c *Clock) Jump() time.Duration {
	difference := c.now().Round(0).Sub(c.origin) - c.elapsed()
	jump := difference - c.difference
	c.difference = difference
	if jump.Abs() < threshold {
		return 0
	}
	return jump
}
