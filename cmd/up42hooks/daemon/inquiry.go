package daemon

import "time"

const (
	// doubtWait bounds how long a delivery waits for UP42's word on its secret.
	doubtWait = 3 * time.Second
	// doubtsWaiting is how many wait at a time: each holds a connection, and a
	// flood of bad signatures must leave enough of those to good deliveries.
	doubtsWaiting = 16
	// UP42 is asked for a doubt's sake once in doubtEvery, after a pause as often
	// as doubtsAtOnce in a row. A doubt that brought news costs nothing.
	doubtEvery   = 5 * time.Second
	doubtsAtOnce = 3
)

// inquiry is whether the workspace's webhooks are being read, and who may wait
// for that. Its owner guards it.
type inquiry struct {
	answered chan struct{} // closed at the end of the reading, or of the next
	since    time.Time     // when it was asked for; zero: there is none
	failed   bool          // the one before
	waiting  int

	left  int       // doubts that may still ask
	until time.Time // when left was counted
}

func newInquiry() inquiry {
	return inquiry{answered: make(chan struct{}), left: doubtsAtOnce}
}

// join says whether a doubt may wait for answered, and whether it is the one
// that has to ask. Who joined leaves. While UP42 is out of reach nobody waits.
func (r *inquiry) join(now time.Time) (answered <-chan struct{}, ask, ok bool) {
	underWay := !r.since.IsZero()
	switch {
	case r.waiting == doubtsWaiting, underWay && now.Sub(r.since) > doubtWait, !underWay && (r.failed || !r.take(now)):
		return nil, false, false
	}
	if !underWay {
		r.since = now
	}
	r.waiting++
	return r.answered, !underWay, true
}

func (r *inquiry) leave() { r.waiting-- }

// take takes one of the doubts that may ask.
func (r *inquiry) take(now time.Time) bool {
	if n := int(now.Sub(r.until) / doubtEvery); n > 0 {
		r.left, r.until = min(r.left+n, doubtsAtOnce), now
	}
	if r.left == 0 {
		return false
	}
	r.left--
	return true
}

// begin notes that the webhooks are read now, whoever wanted that.
func (r *inquiry) begin(now time.Time) {
	if r.since.IsZero() {
		r.since = now
	}
}

// end lets go of those who wait; news says that a secret was learned.
func (r *inquiry) end(ok, news bool) {
	r.since, r.failed = time.Time{}, !ok
	if news {
		r.left = doubtsAtOnce
	}
	close(r.answered)
	r.answered = make(chan struct{})
}
