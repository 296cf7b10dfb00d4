package roundtrip

import (
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

// match finds the arrival of each expectation, or nil. answered reports whether the
// expectations come from UP42's answer.
func match(expected []expectation, in *arrivals, answered bool) []*arrival {
	out := make([]*arrival, len(expected))
	taken := make(map[string]bool, len(expected))
	for i, x := range expected {
		if id := x.test.MessageID; id != "" {
			taken[id] = true
			out[i] = in.best(func(a *arrival) bool { return a.messageID == id })
		}
	}
	for i, x := range expected {
		if x.test.MessageID != "" || x.untested {
			continue
		}
		out[i] = in.best(func(a *arrival) bool {
			// Anybody can send a delivery that is rejected, so before UP42's answer
			// such a delivery proves nothing.
			return a.name == x.name && !taken[a.messageID] && (answered || a.verdict != receiver.Rejected)
		})
		if out[i] != nil {
			taken[out[i].messageID] = out[i].messageID != ""
		}
	}
	return out
}

// result says what is known at a time, now. done means that nothing more can arrive.
func (c *explainer) result(in *arrivals, started, now time.Time, done bool) Result {
	r := Result{Webhook: c.webhook, Sent: c.report != nil, Done: done}
	expected := expect(c.webhook, c.report)
	matches := match(expected, in, c.report != nil)
	r.Events = make([]Event, 0, len(expected))
	for i, x := range expected {
		a := matches[i]
		e := c.event(x, a, started, now)
		if a != nil || done {
			e.Cause = c.cause(x, a)
		}
		r.Events = append(r.Events, e)
	}
	r.Sent = r.Sent || c.lost != nil && r.arrived() > 0
	r.Components = sharedComponents(matches)
	return r
}

func (c *explainer) event(x expectation, a *arrival, started, now time.Time) Event {
	e := Event{Name: x.name, MessageID: x.test.MessageID, Sent: x.sent, Message: x.test.Message, Undelivered: x.failed}
	if a == nil {
		return e
	}
	e.Arrived, e.ByTime = true, x.test.MessageID == ""
	// What the receiver accepted was sent, even if UP42's answer has only sums.
	e.Sent = e.Sent || (c.report != nil || c.lost != nil) && !x.failed && a.verdict != receiver.Rejected
	e.Took = took(started, now, x.test.StartedAt, a.at)
	e.Verdict, e.Reason, e.Secret, e.Seq = a.verdict, a.reason, a.secret, a.seq
	e.Digest, e.Covered, e.Altered = a.digest, a.covered, text.Clean(a.cause, 0)
	return e
}

// took is the time from UP42's start of a test to the arrival. asked is when this
// machine asked UP42: the test can't have taken longer than since then. Arrivals have the
// time of the wall clock; if that was put ahead, what counts is the time until now.
func took(asked, now, started, arrived time.Time) time.Duration {
	const jump = 10 * time.Second
	most := max(0, arrived.Sub(asked))
	if passed := max(0, now.Sub(asked)); most > passed+jump {
		most = passed
	}
	if d := arrived.Sub(started); !started.IsZero() && d >= 0 {
		return min(d, most)
	}
	return most
}

// sharedComponents is the list of headers that the signatures of all verified
// arrivals cover, or nil if the lists differ.
func sharedComponents(matches []*arrival) (list []string) {
	for _, a := range matches {
		switch {
		case a == nil || a.verdict != receiver.Verified:
		case list == nil:
			list = a.components
		case !slices.Equal(list, a.components):
			return nil
		}
	}
	return slices.Clone(list)
}
