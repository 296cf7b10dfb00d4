//go:build !linux

package boottime

import "time"

// newElapsed returns a function that returns the time since now. It may stop while the
// machine is suspended: waking up then looks like a jump of the wall clock.
func newElapsed() func() time.Duration {
	began := time.Now()
	return func() time.Duration { return time.Since(began) }
}
