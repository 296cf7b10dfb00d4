package bench

import (
	"syscall"
	"time"
)

// pause sleeps. A timer of the runtime is late by up to a millisecond, so that the system is
// asked.
func pause(d time.Duration) {
	t := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&t, nil)
}
