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
	shared *Shared
	// after is the last event that an earlier run has told.
	after int64

	mu      sync.Mutex
	summary summary
	// first and last are the first and the last event in the summary, 0 without one.
	first, last int64
	// sending says that a message is being sent.
	sending bool
}

func newNotifier(o *Options, r *Rule, a Action) *notifier {
	every := r.Every
	if every <= 0 {
		every = DefaultEvery
	}
	n := &notifier{sender: newSender(o, r, a), every: every, clean: o.Clean, wake: make(chan struct{}, 1), unsent: o.unsent, shared: o.Shared}
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
		n.last = e.Seq
	}
	n.summary.add(n.shared.local(e), n.clean)
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

// gathered returns the message that is to be sent, and the last event that it is about. The message
// is nil if there is no delivery. The caller calls sent when it has sent the message.
func (n *notifier) gathered() (m *Message, last int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	select {
	case <-n.wake:
	default:
	}
	if n.summary.count == 0 {
		return nil, 0
	}
	m, last = newMessage(n.rule, &n.summary), n.last
	n.summary, n.first, n.last, n.sending = summary{}, 0, 0, true
	return m, last
}

// caughtUp notes that all events up to one were read. If none of them waits for its message, all
// messages about them are sent.
func (n *notifier) caughtUp(ctx context.Context, seq int64) {
	n.mu.Lock()
	idle := n.first == 0 && !n.sending
	n.mu.Unlock()
	if idle {
		n.shared.done(ctx, seq)
	}
}

// sent notes that no message is being sent.
func (n *notifier) sent() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sending = false
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
	if n.action.Persistent() && n.shared == nil {
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
	m, last := n.gathered()
	defer n.sent()
	switch {
	case m == nil:
	case n.action.Persistent():
		if err := n.insist(ctx, sending, m); err == nil {
			n.unsent.clear(n.place)
			n.shared.done(ctx, last)
			return
		}
		if n.shared != nil {
			return // the program that goes on sends it
		}
		n.log.Warn("the program ends before a message is sent", "deliveries", m.Count)
	default:
		_ = n.send(sending, m)
	}
}
