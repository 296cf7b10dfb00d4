package notify

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// rule selects deliveries for its notifiers.
type rule struct {
	when      *filter.Filter
	accept    func(*receiver.Event) bool
	now       func() time.Time
	all       bool // also deliveries that are rejected or not accepted
	notifiers []*notifier
}

func newRule(o *Options, r *Rule) *rule {
	out := &rule{when: r.When, accept: o.Accept, now: o.Now, all: r.When.Demands(filter.Verdict, filter.Reason)}
	for _, a := range r.Do {
		out.notifiers = append(out.notifiers, newNotifier(o, r, a))
	}
	return out
}

// add passes a delivery to the notifiers if it is selected.
func (r *rule) add(e *receiver.Event) {
	if !r.all && (e.Verdict == receiver.Rejected || !r.accept(e)) || !r.when.Event(e, r.now()) {
		return
	}
	for _, n := range r.notifiers {
		n.add(e)
	}
}
