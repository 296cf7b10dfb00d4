package roundtrip

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
)

// Result is what is known about a round trip so far.
type Result struct {
	Webhook client.Webhook `json:"webhook"`
	// Sent: UP42 has answered that it ran the tests, or its answer was lost, and
	// events have arrived.
	Sent bool `json:"sent"`
	// Done: the round trip is over, and the result no longer changes.
	Done bool `json:"done"`
	// Events has one element for each event type that the webhook subscribes to,
	// followed by other event types that UP42 tested.
	Events []Event `json:"events"`
	// Components are the headers that the signatures of the verified events
	// cover: the list that may be pinned. It is nil if the lists differ or if no
	// event was verified.
	Components []string `json:"components"`
}

// Proven reports whether there are events and each of them is proven.
func (r *Result) Proven() bool {
	return r.Sent && len(r.Events) > 0 && !slices.ContainsFunc(r.Events, func(e Event) bool { return !e.Proven() })
}

// arrived returns how many events have arrived.
func (r *Result) arrived() (n int) {
	for _, e := range r.Events {
		if e.Arrived {
			n++
		}
	}
	return n
}

// clone returns a copy that shares no slice with r.
func (r Result) clone() Result {
	r.Events, r.Components = slices.Clone(r.Events), slices.Clone(r.Components)
	return r
}

// Event is the round trip of one test event.
type Event struct {
	Name string `json:"name"`
	// MessageID is from UP42's answer. It is empty if the answer has none.
	MessageID string `json:"messageId"`
	// Sent: UP42 says that its delivery was answered with success. Message is
	// UP42's text about it, which is not safe to print.
	Sent    bool   `json:"sent"`
	Message string `json:"message"`
	// Undelivered: UP42 says that its delivery failed. If the event arrived all
	// the same, the receiver rejected it.
	Undelivered bool `json:"-"`
	// Arrived: the event is in the log. ByTime: it was found by its name and its
	// time, because its message id is not known, or not known yet.
	Arrived bool `json:"arrived"`
	ByTime  bool `json:"byTime"`
	// Took is the time from UP42's start of the test to the arrival. The two
	// clocks may differ, so it is bounded by what this machine measured alone.
	// JSON has it in milliseconds, as tookMs.
	Took time.Duration `json:"-"`
	// Verdict, Reason and Secret are the receiver's. They are empty if the event
	// did not arrive.
	Verdict receiver.Verdict   `json:"verdict"`
	Reason  receiver.Reason    `json:"reason"`
	Secret  receiver.SecretRef `json:"secret"`
	// Digest is the algorithm of the digest that was checked. Covered: the
	// signature covers this digest.
	Digest  string `json:"digest"`
	Covered bool   `json:"bodyCovered"`
	// Seq is the event's number in the log. Rejected events have numbers of
	// their own.
	Seq int64 `json:"seq"`
	// Cause says in one line, which is safe to print, why the event probably
	// failed and what to do. It is empty if the event did not fail, or not yet.
	Cause string `json:"cause"`
	// Altered is the part of Cause that says what has changed the event on its way.
	Altered string `json:"-"`
}

// Proven reports whether the event was sent, arrived, is verified, and has a
// signature that covers the body.
func (e Event) Proven() bool {
	return e.Sent && e.Arrived && e.Verdict == receiver.Verified && e.Covered
}

// eventJSON is an event in JSON, with the fields of plainEvent.
type eventJSON struct {
	plainEvent
	TookMS *float64 `json:"tookMs"`
}

type plainEvent Event

// JSONShape implements receiver.Shaped.
func (Event) JSONShape() any { return eventJSON{} }

// MarshalJSON adds tookMs, which is null if the event did not arrive.
func (e Event) MarshalJSON() ([]byte, error) {
	out := eventJSON{plainEvent: plainEvent(e)}
	if e.Arrived {
		ms := float64(e.Took.Microseconds()) / 1000
		out.TookMS = &ms
	}
	return json.Marshal(out)
}
