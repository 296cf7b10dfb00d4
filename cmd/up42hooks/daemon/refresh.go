package daemon

import "time"

const (
	// refreshWait is how long a delivery waits for UP42 to answer.
	refreshWait = 3 * time.Second
	// maxWaiting is how many deliveries wait at a time. Each of them holds a
	// connection, and a flood of bad signatures must leave connections to good
	// deliveries.
	maxWaiting = 16
	// Deliveries may cause one refresh in refreshInterval, and after a pause up to
	// refreshBurst in a row. A refresh that finds a new secret is not counted.
	refreshInterval = 5 * time.Second
	refreshBurst    = 3
)

// refreshState says whether the workspace's webhooks are being read, and limits
// how often and for how long deliveries wait for that. Its owner guards it by a
// mutex.
type refreshState struct {
	done    chan struct{} // closed when the current read ends, or the next one
	since   time.Time     // start of the current read; zero between two reads
	failed  bool          // the last read failed
	waiting int

	left    int       // reads that deliveries may still cause
	counted time.Time // when left was last increased
}

func newRefreshState() refreshState {
	return refreshState{done: make(chan struct{}), left: refreshBurst}
}

// join reports whether a delivery may wait for done, and whether it has to start the
// read. If ok, the caller calls leave later. Nobody waits while UP42 does not
// answer.
func (r *refreshState) join(now time.Time) (done <-chan struct{}, start, ok bool) {
	reading := !r.since.IsZero()
	switch {
	case r.waiting == maxWaiting,
		reading && now.Sub(r.since) > refreshWait,
		!reading && (r.failed || !r.take(now)):
		return nil, false, false
	}
	if !reading {
		r.since = now
	}
	r.waiting++
	return r.done, !reading, true
}

func (r *refreshState) leave() { r.waiting-- }

// take takes one of the reads that deliveries may cause.
func (r *refreshState) take(now time.Time) bool {
	if n := int(now.Sub(r.counted) / refreshInterval); n > 0 {
		r.left, r.counted = min(r.left+n, refreshBurst), now
	}
	if r.left == 0 {
		return false
	}
	r.left--
	return true
}

// begin notes the start of a read.
func (r *refreshState) begin(now time.Time) {
	if r.since.IsZero() {
		r.since = now
	}
}

// end notes the end of a read and releases those that wait for it.
func (r *refreshState) end(ok, newSecret bool) {
	r.since, r.failed = time.Time{}, !ok
	if newSecret {
		r.left = refreshBurst
	}
	close(r.done)
	r.done = make(chan struct{})
}
