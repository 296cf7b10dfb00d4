package arrivals

import (
	"slices"
	"time"
)

const (
	// keptWaits is how many waits between deliveries say what is usual.
	keptWaits = 100
	// fewWaits is how many are needed to say it.
	fewWaits = 20
	// leastUnusual is the shortest wait that is unusual.
	leastUnusual = 10 * time.Minute
)

// Waits are the last 100 waits between deliveries that were accepted. Deliveries of the same
// minute count as one. Its zero value is empty.
type Waits struct {
	minutes []int64 // in which deliveries came, the newest last
	// Last is when the last delivery came. It is zero if none has come.
	Last time.Time
}

// Add takes a delivery, which came after the others.
func (w *Waits) Add(at time.Time) {
	if at.After(w.Last) {
		w.Last = at
	}
	m := minute(at)
	if n := len(w.minutes); n > 0 && m <= w.minutes[n-1] {
		return
	}
	w.minutes = append(w.minutes, m)
	if over := len(w.minutes) - keptWaits - 1; over > 0 {
		w.minutes = slices.Delete(w.minutes, 0, over)
	}
}

// merge takes what came before.
func (w *Waits) merge(before *Waits) {
	if before.Last.After(w.Last) {
		w.Last = before.Last
	}
	all := slices.Clone(before.minutes)
	for _, m := range w.minutes {
		if len(all) == 0 || m > all[len(all)-1] {
			all = append(all, m)
		}
	}
	w.minutes = all[max(0, len(all)-keptWaits-1):]
}

// Usual returns the median of the waits. ok is false while too few are known.
func (w *Waits) Usual() (d time.Duration, ok bool) {
	all := w.sorted()
	if len(all) < fewWaits {
		return 0, false
	}
	return all[len(all)/2], true
}

// Unusual reports whether the wait since the last delivery is unusual: more than twice as long
// as the longest one of the last 100, and at least ten minutes.
func (w *Waits) Unusual(now time.Time) bool {
	all := w.sorted()
	if len(all) < fewWaits {
		return false
	}
	return now.Sub(w.Last) > max(leastUnusual, 2*all[len(all)-1])
}

func (w *Waits) sorted() []time.Duration {
	var out []time.Duration
	for i := 1; i < len(w.minutes); i++ {
		out = append(out, time.Duration(w.minutes[i]-w.minutes[i-1])*time.Minute)
	}
	slices.Sort(out)
	return out
}
