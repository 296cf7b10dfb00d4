package simulator

import (
	"math"
	"net/url"
	"time"
)

// jobFilter selects jobs by what a query says.
type jobFilter struct {
	ids, processes, statuses []string
	// timed selects jobs that have started, and ran for shortest to longest. A job that has
	// not ended has run until now.
	timed             bool
	shortest, longest time.Duration
	now               time.Time
}

// readJobFilter reads the filter of a query; ok is false if it is not valid.
func readJobFilter(q url.Values, now time.Time) (f jobFilter, ok bool) {
	const most = math.MaxInt32
	shortest, okShortest := count(q, "minDuration", 0, most)
	longest, okLongest := count(q, "maxDuration", most, most)
	return jobFilter{
		ids: list(q, "ids"), processes: list(q, "processId"), statuses: list(q, "status"),
		timed: q.Has("minDuration") || q.Has("maxDuration"), now: now,
		shortest: time.Duration(shortest) * time.Second, longest: time.Duration(longest) * time.Second,
	}, okShortest && okLongest && shortest <= longest
}

func (f jobFilter) pass(x *subject) bool {
	return anyOr(f.ids, x.id) && anyOr(f.processes, x.process) && anyOr(f.statuses, x.status) && (!f.timed || f.inTime(x))
}

func (f jobFilter) inTime(x *subject) bool {
	if x.started.IsZero() {
		return false
	}
	end := x.finished
	if end.IsZero() {
		end = f.now
	}
	took := end.Sub(x.started)
	return took >= f.shortest && took <= f.longest
}
