// Package arrivals counts the deliveries of the last hour, by minute and verdict, and knows
// which waits between deliveries are usual. What came before the start is read from the log
// once, in the background; then each batch adds what it brings.
package arrivals

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Minutes is how many minutes an Hour has.
const Minutes = 60

// Verdicts are counts by verdict, in the order of receiver.Verdicts.
type Verdicts [5]int64

// Of returns the count of a verdict.
func (v Verdicts) Of(of receiver.Verdict) int64 { return v[index(of)] }

func index(of receiver.Verdict) int {
	switch of {
	case receiver.Verified:
		return 0
	case receiver.Trusted:
		return 1
	case receiver.Partial:
		return 2
	case receiver.Unsigned:
		return 3
	default:
		return 4
	}
}

// Hour counts the deliveries of the last hour. Its zero value is empty.
type Hour struct {
	minutes [Minutes]Verdicts // by the number of the minute, modulo Minutes
	newest  int64             // the number of the minute that is counted now
}

// minute is the number of the minute of a time.
func minute(t time.Time) int64 { return t.Unix() / int64(time.Minute/time.Second) }

// Advance moves the hour to now.
func (h *Hour) Advance(now time.Time) {
	to := minute(now)
	for m := max(h.newest+1, to-Minutes+1); m <= to; m++ {
		h.minutes[m%Minutes] = Verdicts{}
	}
	h.newest = max(h.newest, to)
}

// Add counts n deliveries that came at a time. What is older than an hour is left out.
func (h *Hour) Add(at time.Time, v receiver.Verdict, n int64) {
	m := min(minute(at), h.newest)
	if m > h.newest-Minutes && m >= 0 && n > 0 {
		h.minutes[m%Minutes][index(v)] += n
	}
}

// Admit counts a delivery that was rejected when it came as one with another verdict.
func (h *Hour) Admit(at time.Time, v receiver.Verdict) {
	m := min(minute(at), h.newest)
	if m <= h.newest-Minutes || m < 0 {
		return
	}
	if rejected := &h.minutes[m%Minutes][index(receiver.Rejected)]; *rejected > 0 {
		*rejected--
		h.Add(at, v, 1)
	}
}

// merge adds what another Hour has counted.
func (h *Hour) merge(o *Hour) {
	for m := max(h.newest, o.newest) - Minutes + 1; m <= o.newest; m++ {
		if m <= h.newest-Minutes || m <= o.newest-Minutes || m < 0 {
			continue
		}
		for i, n := range o.minutes[m%Minutes] {
			h.minutes[min(m, h.newest)%Minutes][i] += n
		}
	}
}

// Series returns the counts of all minutes, the oldest first.
func (h *Hour) Series() (out [Minutes]Verdicts) {
	for i := range out {
		if m := h.newest - Minutes + 1 + int64(i); m >= 0 {
			out[i] = h.minutes[m%Minutes]
		}
	}
	return out
}

// Total adds up all minutes.
func (h *Hour) Total() (sum Verdicts) {
	for _, m := range h.minutes {
		for i, n := range m {
			sum[i] += n
		}
	}
	return sum
}
