package notify

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

const (
	// patience is how long one message may take.
	patience = time.Minute
	// grace is how long it may still take once the program ends.
	grace = 2 * time.Second
	// look is how often the clock is looked at while it is quiet: a machine may
	// sleep, or its clock be set.
	look = time.Minute
)

// teller is one action of a rule: it gathers, waits until it may tell, and
// tells.
type teller struct {
	name   string
	action Action
	quiet  Hours
	every  time.Duration
	clean  func(string, int) string
	now    func() time.Time
	log    *slog.Logger
	wake   chan struct{} // holds one where there is something to tell

	mu      sync.Mutex
	digest  digest
	failing bool // run's goroutine's
}

func newTeller(o *Options, r *Rule, a Action) *teller {
	every := r.Every
	if every <= 0 {
		every = DefaultEvery
	}
	return &teller{
		name: o.Clean(r.Name, maxWord), action: a, quiet: r.Quiet, every: every,
		clean: o.Clean, now: o.Now, log: o.Logger, wake: make(chan struct{}, 1),
	}
}

// add takes note of a delivery. It keeps nothing of e but a few words.
func (t *teller) add(e *receiver.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.digest.add(e, t.clean)
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// take is what there is to tell, nil where there is nothing.
func (t *teller) take() *Message {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-t.wake:
	default:
	}
	if t.digest.count == 0 {
		return nil
	}
	m := t.digest.message(t.name)
	t.digest = digest{}
	return m
}

// run tells until ctx ends, and then what waits, where somebody can still read
// it later.
func (t *teller) run(ctx context.Context) {
	telling := ctx
	if t.action.Lasting() {
		var cancel func()
		telling, cancel = outlasting(ctx, grace)
		defer cancel()
	}
	var last time.Time
	for t.awake(ctx) && t.hold(ctx, last) {
		last = t.now()
		t.tell(telling)
	}
	if t.action.Lasting() {
		t.tell(telling)
	}
}

// awake waits for something to tell. It is false where ctx ended first.
func (t *teller) awake(ctx context.Context) bool {
	select {
	case <-t.wake:
		return true
	case <-ctx.Done():
		return false
	}
}

// hold waits until it is time for a message. It is false where ctx ended first.
func (t *teller) hold(ctx context.Context, last time.Time) bool {
	for wait := gather; wait > 0; wait = t.left(last) {
		if !sleep(ctx, wait) {
			return false
		}
	}
	return true
}

// left is how long to wait at least until the clock is looked at again, 0 where
// it is time.
func (t *teller) left(last time.Time) time.Duration {
	now := t.now()
	wait := min(t.quiet.Left(now), look)
	if !last.IsZero() {
		wait = max(wait, min(last.Add(t.every).Sub(now), t.every))
	}
	return wait
}

// outlasting is a context that ends some time after ctx.
func outlasting(ctx context.Context, by time.Duration) (context.Context, func()) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(by, cancel) })
	return longer, func() {
		stop()
		cancel()
	}
}

func (t *teller) tell(ctx context.Context) {
	m := t.take()
	if m == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := t.action.Tell(ctx, m)
	log := t.log.With("rule", t.name, "how", t.action.String())
	switch {
	case err != nil && !t.failing:
		log.Warn("a message could not be told", "error", err, "deliveries", m.Count)
	case err == nil && t.failing:
		log.Info("messages can be told again")
	}
	t.failing = err != nil
}
