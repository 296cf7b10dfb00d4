package frame

import "time"

const (
	rateBuckets = 10
	rateBucket  = 6 * time.Second // all buckets together are a minute
)

// Rate counts the deliveries of the last minute. Since the first Advance time goes
// by the monotonic clock, if the times have it: the wall clock may be set.
type Rate struct {
	counts     [rateBuckets]int64
	began, now time.Time
	newest     int64 // the number of the bucket that is filled now
}

// bucketOf returns the number of the bucket of a time.
func (r *Rate) bucketOf(t time.Time) int64 {
	return (r.began.UnixNano() + int64(t.Sub(r.began))) / int64(rateBucket)
}

// Advance moves the window to now.
func (r *Rate) Advance(now time.Time) {
	if r.began.IsZero() {
		r.began = now
	}
	r.now = now
	to := r.bucketOf(now)
	for b := max(r.newest+1, to-rateBuckets+1); b <= to; b++ {
		r.counts[b%rateBuckets] = 0
	}
	r.newest = max(r.newest, to)
}

// Add counts n deliveries that came at a time. Those older than the window are
// left out.
func (r *Rate) Add(at time.Time, n int64) {
	ago := r.now.Sub(at) // by the wall clock, as an arrival is stored
	b := min(r.bucketOf(r.now.Add(-ago)), r.newest)
	if b > r.newest-rateBuckets && b >= 0 {
		r.counts[b%rateBuckets] += n
	}
}

// perMinute is the number of deliveries in the window.
func (r *Rate) perMinute() int64 {
	var sum int64
	for _, n := range r.counts {
		sum += n
	}
	return sum
}

// series are the counts, oldest first.
func (r *Rate) series() []int64 {
	out := make([]int64, rateBuckets)
	for i := range out {
		if b := r.newest - rateBuckets + 1 + int64(i); b >= 0 {
			out[i] = r.counts[b%rateBuckets]
		}
	}
	return out
}
