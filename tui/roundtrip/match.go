package roundtrip

import (
	"slices"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
)

// expectation is an event type, and what UP42 says of its test.
type expectation struct {
	name string
	test client.Test // zero where UP42 gave no word on this one
	// sent: its delivery was answered well; failed: it was not; untested: UP42
	// ran no test of it. None of them: UP42 did not say (yet).
	sent, failed, untested bool
}

// expected are the event types, in the webhook's order, then what UP42 tested
// besides.
func (t *trip) expected() []expectation {
	var tests []client.Test
	if t.report != nil {
		tests = slices.Clone(t.report.Tests)
	}
	out := make([]expectation, 0, len(t.webhook.Events))
	for _, name := range t.webhook.Events {
		x := expectation{name: name}
		i := slices.IndexFunc(tests, func(test client.Test) bool { return test.EventName == name })
		switch {
		case i >= 0:
			x = tested(tests[i])
			tests = slices.Delete(tests, i, i+1)
		case t.report != nil && t.report.HasTests:
			x.untested = true
		case t.report != nil:
			x.sent, x.failed, x.untested = t.sums()
		}
		out = append(out, x)
	}
	for _, test := range tests {
		out = append(out, tested(test))
	}
	return out
}

func tested(test client.Test) expectation {
	return expectation{name: test.EventName, test: test, sent: test.Success, failed: !test.Success}
}

// sums is what an answer without its tests says of each of them: something only
// where they all went the same way.
func (t *trip) sums() (sent, failed, untested bool) {
	r := t.report
	switch {
	case r.Run == 0:
		return false, false, true
	case r.Succeeded == 0:
		return false, true, false
	default:
		return r.Failed == 0 && r.Run >= len(t.webhook.Events), false, false
	}
}

// result is what is known now.
func (t *trip) result(done bool) Result {
	r := Result{Webhook: t.webhook, Sent: t.report != nil, Done: done}
	expected := t.expected()
	matches := t.match(expected)
	r.Events = make([]Event, 0, len(expected))
	for i, x := range expected {
		r.Events = append(r.Events, t.event(x, matches[i], done))
	}
	r.Components = covered(matches)
	return r
}

// match finds for each expectation what arrived; nil: nothing.
func (t *trip) match(expected []expectation) []*arrival {
	out := make([]*arrival, len(expected))
	taken := make(map[string]bool, len(expected))
	for i, x := range expected {
		if id := x.test.MessageID; id != "" {
			taken[id] = true
			out[i] = t.best(func(a *arrival) bool { return a.messageID == id })
		}
	}
	for i, x := range expected {
		if x.test.MessageID != "" || x.untested {
			continue
		}
		out[i] = t.best(func(a *arrival) bool {
			// Anybody can send a bad one: before UP42 has answered it may well
			// be none of UP42's.
			return a.name == x.name && !taken[a.messageID] && (t.report != nil || a.verdict != receiver.Rejected)
		})
		if out[i] != nil {
			taken[out[i].messageID] = out[i].messageID != ""
		}
	}
	return out
}

// best is the arrival of the highest trust among those that fit, the first of
// its kind.
func (t *trip) best(fits func(*arrival) bool) (best *arrival) {
	for i := range t.arrivals {
		a := &t.arrivals[i]
		if fits(a) && (best == nil || a.verdict.Trust() > best.verdict.Trust()) {
			best = a
		}
	}
	return best
}

func (t *trip) event(x expectation, a *arrival, done bool) Event {
	e := Event{Name: x.name, MessageID: x.test.MessageID, Sent: x.sent, Message: x.test.Message, Undelivered: x.failed}
	if a != nil {
		e.Arrived, e.ByTime = true, x.test.MessageID == ""
		// What was answered well was sent, also where UP42 gives sums only.
		e.Sent = e.Sent || t.report != nil && !x.failed && a.verdict != receiver.Rejected
		e.Took = t.took(x.test.StartedAt, a.at)
		e.Verdict, e.Reason, e.Secret, e.Seq = a.verdict, a.reason, a.secret, a.seq
		e.Digest, e.Covered = a.digest, a.covered
	}
	if a != nil || done {
		e.Cause = t.cause(x, a)
	}
	return e
}

// took is from UP42's start to the arrival. The two clocks may differ; by ours
// alone it can't have been longer than since UP42 was asked.
func (t *trip) took(started, arrived time.Time) time.Duration {
	most := max(0, arrived.Sub(t.started))
	if d := arrived.Sub(started); !started.IsZero() && d >= 0 {
		return min(d, most)
	}
	return most
}

// covered is the list that all verified arrivals' signatures have, nil where
// they differ or there are none.
func covered(matches []*arrival) (list []string) {
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
