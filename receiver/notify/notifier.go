package notify

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

const (
	// gatherTime is how long a notifier waits for more deliveries after the first one.
	gatherTime = time.Second
	// sendTimeout bounds the sending of one message.
	sendTimeout = time.Minute
	// timeToEnd is how long it may still take when the program ends.
	timeToEnd = 2 * time.Second
	// clockCheck is how often the clock is read in quiet hours: the machine may sleep, or
	// its clock may be set.
	clockCheck = time.Minute
)

// notifier is one action of a rule. It gathers deliveries, waits until a message may be
// sent, and sends it.
type notifier struct {
	rule   string // its clean name
	action Action
	quiet  Hours
	every  time.Duration
	clean  func(string, int) string
	now    func() time.Time
	log    *slog.Logger
	wake   chan struct{} // holds one if the summary is not empty

	mu      sync.Mutex
	summary summary

	failing bool // used by run only
}

func newNotifier(o *Options, r *Rule, a Action) *notifier {
	every := r.Every
	if every <= 0 {
		every = DefaultEvery
	}
	return &notifier{
		rule: o.Clean(r.Name, maxWord), action: a, quiet: r.Quiet, every: every,
		clean: o.Clean, now: o.Now, log: o.Logger, wake: make(chan struct{}, 1),
	}
}

// add adds a delivery to the summary. It keeps only a few words of e.
func (n *notifier) add(e *receiver.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.summary.add(e, n.clean)
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// take returns the message that is to be sent, nil if there is no delivery.
func (n *notifier) take() *Message {
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
	n.summary = summary{}
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
	for n.waitForDelivery(ctx) && n.waitForTurn(ctx, last) {
		last = n.now()
		n.send(sending)
	}
	if n.action.Persistent() {
		n.send(sending)
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

func (n *notifier) send(ctx context.Context) {
	m := n.take()
	if m == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	err := n.action.Send(ctx, m)
	log := n.log.With("rule", n.rule, "how", n.action.String())
	switch {
	case err != nil && !n.failing:
		log.Warn("a message could not be sent", "error", err, "deliveries", m.Count)
	case err == nil && n.failing:
		log.Info("messages can be sent again")
	}
	n.failing = err != nil
}
