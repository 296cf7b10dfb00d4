package notify

import (
	"context"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// rule selects deliveries, and passes them on.
type rule struct {
	when   *filter.Filter
	accept func(*receiver.Event) bool
	now    func() time.Time
	all    bool // also deliveries that are rejected or not accepted
	to     []taker
	shared *Shared
}

// taker takes the deliveries that a rule selects. It blocks only if nothing else waits for
// it, and returns an error if it can't take them all any more.
type taker interface {
	take(ctx context.Context, e *receiver.Event) error
}

func newRule(o *Options, r *Rule, to ...taker) *rule {
	return &rule{when: r.When, accept: o.Accept, now: o.Now, all: r.When.Demands(filter.Verdict, filter.Reason), to: to, shared: o.Shared}
}

// add passes a delivery on if it is selected.
func (r *rule) add(ctx context.Context, e *receiver.Event) error {
	if !r.shared.isNews(e) || !r.all && (e.Verdict == receiver.Rejected || !r.accept(e)) || !r.when.Event(e, r.now()) {
		return nil
	}
	for _, t := range r.to {
		if err := t.take(ctx, e); err != nil {
			return err
		}
	}
	return nil
}
