// Package aging says which events of a store are old enough for retention to delete,
// although the clock that dated their arrival may have been wrong, or may be wrong now.
//
// The sequence of events is certain, their times are not. So an arrival is not simply
// compared with now:
//
//   - Where the clock jumped while a receiver ran, the store has the size of the jump. The
//     arrivals before it are moved by it, so that they and now are by the same clock.
//   - A time is believed only if it is connected with now: the times between it and now,
//     which are those of other events, are at most [maxSilence] apart. Events of 1970 in
//     between those of today have no age.
//   - A receiver that starts after a long pause can't know whether it was off or its clock
//     is wrong. For the first hour the pause does not count.
//   - An event that looks old among young ones is young: before an event is deleted, those
//     after it must be old too, [Neighbours] of them if younger ones came before.
//   - Whatever the clocks say, an event is old if a receiver has been running for longer
//     than events are kept since it came.
//
// If in doubt an event is kept. It goes at the latest when the events after it are old.
package aging

import (
	"time"
)

const (
	// maxSilence is how long nothing may come until what came before is no longer
	// compared with the clock.
	maxSilence = 180 * 24 * time.Hour
	// settleTime is how long a receiver runs until it believes its clock about the time
	// before its start. By then NTP has set it.
	settleTime = time.Hour
	// Neighbours is how many events must be old in a row.
	Neighbours = 16
)

// Jump is a jump of the clock.
type Jump struct {
	// Seq and Rejected are the newest event and rejected delivery before it.
	Seq, Rejected int64
	// At is when it was noticed, by the new clock.
	At time.Time
	// By is how far the clock was moved, positive if ahead.
	By time.Duration
}

// Judge decides what is old.
type Judge struct {
	jumps []Jump
	// start and pause are the receiver's; pause is 0 if it counts as time that passed.
	start Jump
	pause time.Duration
	// outlived: the receiver has run for longer than events are kept.
	outlived bool
	// Events with a time, by the clock of now, in [from, until) are old. In microseconds.
	from, until int64
}

// Old reports whether an event is old by its own time of arrival, in microseconds.
func (j *Judge) Old(seq, received int64, rejected bool) bool {
	if j.outlived && seq <= j.start.place(rejected) {
		return true
	}
	received += j.shift(seq, rejected)
	return j.from <= received && received < j.until
}

func (j *Jump) place(rejected bool) int64 {
	if rejected {
		return j.Rejected
	}
	return j.Seq
}

// shift is how far the clock was put ahead since an event, in microseconds. A clock that
// was put back makes no event older: the event may be from before it was wrong.
func (j *Judge) shift(seq int64, rejected bool) int64 {
	var sum time.Duration
	for i := range j.jumps {
		if seq <= j.jumps[i].place(rejected) {
			sum = add(sum, j.jumps[i].By)
		}
	}
	if seq <= j.start.place(rejected) {
		sum = add(sum, j.pause)
	}
	return max(0, sum).Microseconds()
}

// add adds durations without an overflow: they are up to 292 years.
func add(a, b time.Duration) time.Duration {
	const most = time.Duration(1<<63 - 1)
	switch {
	case b > 0 && a > most-b:
		return most
	case b < 0 && a < -most-b:
		return -most
	default:
		return a + b
	}
}

// Run finds the end of what is old in a sequence of events.
type Run struct {
	seen, old int
	end       int64
}

// Add adds the next event.
func (r *Run) Add(seq int64, old bool) {
	r.seen++
	if !old {
		r.old = 0
		return
	}
	if r.old++; r.old == r.seen || r.old >= Neighbours {
		r.end = seq
	}
}

// End is the last event that is old together with all before it, 0 if all are young.
func (r *Run) End() int64 { return r.end }
