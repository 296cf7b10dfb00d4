package boottime

import (
	"time"

	"golang.org/x/sys/unix"
)

// newElapsed returns a function that returns the time since a fixed moment, including the
// time that the machine was suspended. Go's monotonic clock stops in suspend, so that
// waking up would look like a jump of the wall clock.
func newElapsed() func() time.Duration {
	began := time.Now()
	return func() time.Duration {
		var t unix.Timespec
		if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
			return time.Since(began)
		}
		return time.Duration(t.Nano())
	}
}
