package tui

import "time"

const (
	rateBuckets = 10
	rateBucket  = 6 * time.Second // so that all of them are a minute
)

// rate counts deliveries over the last minute.
type rate struct {
	counts [rateBuckets]int64
	newest int64 // the place in time of the bucket that is filled now
}

func bucketOf(t time.Time) int64 { return t.UnixNano() / int64(rateBucket) }

// advance moves the window to now. It reports whether that changed it.
func (r *rate) advance(now time.Time) bool {
	to := bucketOf(now)
	if to <= r.newest {
		return false
	}
	changed := false
	for b := max(r.newest+1, to-rateBuckets+1); b <= to; b++ {
		changed = changed || r.counts[b%rateBuckets] != 0
		r.counts[b%rateBuckets] = 0
	}
	r.newest = to
	return changed
}

// add counts n deliveries that came at a time; those older than the window are
// left out.
func (r *rate) add(at time.Time, n int64) {
	b := min(bucketOf(at), r.newest)
	if b > r.newest-rateBuckets && b >= 0 {
		r.counts[b%rateBuckets] += n
	}
}

// perMinute is the number of deliveries in the window.
func (r *rate) perMinute() int64 {
	var sum int64
	for _, n := range r.counts {
		sum += n
	}
	return sum
}

// series are the counts, oldest first.
func (r *rate) series() []int64 {
	out := make([]int64, rateBuckets)
	for i := range out {
		if b := r.newest - rateBuckets + 1 + int64(i); b >= 0 {
			out[i] = r.counts[b%rateBuckets]
		}
	}
	return out
}
