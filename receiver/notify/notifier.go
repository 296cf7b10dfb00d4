package notify

import (
	"context"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

const (
	// gatherTime is how long a notifier waits for more deliveries after the first one.
	gatherTime = time.Second
	// timeToEnd is how long it may still take when the program ends.
	timeToEnd = 2 * time.Second
	// clockCheck is how often the clock is read in quiet hours: the machine may sleep, or
	// its clock may be set.
	clockCheck = time.Minute
)

// notifier sends summaries by one action of a rule. It gathers deliveries, waits until a
// message may be sent, and sends it.
type notifier struct {
	sender
	every time.Duration
	clean func(string, int) string
	wake  chan struct{} // holds one if the summary is not empty

	unsent *unsent
	place  string // in unsent; "" if nothing is remembered
	// after is the last event that an earlier run has told.
	after int64

	mu      sync.Mutex
	summary summary
	// first is the first event in the summary, 0 without one.
	first int64
}

func newNotifier(o *Options, r *Rule, a Action) *notifier {
	every := r.Every
	if every <= 0 {
		every = DefaultEvery
	}
	n := &notifier{sender: newSender(o, r, a), every: every, clean: o.Clean, wake: make(chan struct{}, 1), unsent: o.unsent}
	if o.After != nil {
		n.after = o.After.LastSeq
	}
	if a.Persistent() {
		n.place = placeName(r, a)
		if after, ok := o.unsent.left(n.place); ok {
			n.after = after
		}
	}
	return n
}

// take adds a delivery to the summary. It keeps only a few words of e. It never blocks.
func (n *notifier) take(_ context.Context, e *receiver.Event) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if e.Verdict != receiver.Rejected {
		if e.Seq <= n.after {
			return nil // another action's earlier run has not told it
		}
		if n.first == 0 {
			n.first = e.Seq
		}
	}
	n.summary.add(e, n.clean)
	select {
	case n.wake <- struct{}{}:
	default:
	}
	return nil
}

// remember keeps where the summary begins, so that a crash or an end loses nothing.
func (n *notifier) remember() {
	n.mu.Lock()
	first := n.first
	n.mu.Unlock()
	if first > 0 && n.place != "" {
		n.unsent.keep(n.place, first-1)
	}
}

// gathered returns the message that is to be sent, nil if there is no delivery.
func (n *notifier) gathered() *Message {
	n.mu.Lock()
	defer n.mu.Unlock()
	select {
	case <-n.wake:
	default:
	}
	if n.summary.count == 0 {
		return nil
	}
	m := newMessage(n.rule, &n.summary)
	n.summary, n.first = summary{}, 0
	return m
}

// run sends messages until ctx ends. If the action is persistent, it then sends what
// waits.
func (n *notifier) run(ctx context.Context) {
	sending := ctx
	if n.action.Persistent() {
		var cancel func()
		sending, cancel = retry.Outlast(ctx, timeToEnd)
		defer cancel()
	}
	var last time.Time
	for n.waitForDelivery(ctx) {
		n.remember()
		if !n.waitForTurn(ctx, last) {
			break
		}
		last = n.now()
		n.sendGathered(ctx, sending)
	}
	if n.action.Persistent() {
		n.remember()
		n.sendGathered(ctx, sending)
	}
}

// waitForDelivery returns false if ctx ended first.
func (n *notifier) waitForDelivery(ctx context.Context) bool {
	select {
	case <-n.wake:
		return true
	case <-ctx.Done():
		return false
	}
}

// waitForTurn waits until a message may be sent. Last is when the last one was. It returns
// false if ctx ended first.
func (n *notifier) waitForTurn(ctx context.Context, last time.Time) bool {
	for wait := gatherTime; wait > 0; wait = n.left(last) {
		if !retry.Sleep(ctx, wait) {
			return false
		}
	}
	return true
}

// left is how long to wait before the clock is read again, 0 if a message may be sent.
func (n *notifier) left(last time.Time) time.Duration {
	now := n.now()
	wait := min(n.quiet.Left(now), clockCheck)
	if !last.IsZero() {
		wait = max(wait, min(last.Add(n.every).Sub(now), n.every))
	}
	return wait
}

// sendGathered sends what was gathered. When ctx ends, a try that is under way ends with
// sending.
func (n *notifier) sendGathered(ctx, sending context.Context) {
	m := n.gathered()
	switch {
	case m == nil:
	case n.action.Persistent():
		if err := n.insist(ctx, sending, m); err == nil {
			n.unsent.clear(n.place)
			return
		}
		n.log.Warn("the program ends before a message is sent", "deliveries", m.Count)
	default:
		_ = n.send(sending, m)
	}
}
