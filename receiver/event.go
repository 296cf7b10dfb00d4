package receiver

import (
	"encoding/json"
	"time"
)

// Event is one delivery: what UP42 said, and what the receiver thinks of it.
// Readers share events: once appended, an event is not changed any more.
type Event struct {
	// Seq is the event's place in the log: the first one's is 1, each later one's
	// one more. It is never given again, so that what retention takes away
	// leaves a gap. Rejected deliveries have a sequence of their own.
	Seq int64
	// ReceivedAt is when the receiver had the whole request, to the
	// microsecond, UTC.
	ReceivedAt time.Time
	Verdict    Verdict
	// Reason is set on rejected deliveries only.
	Reason Reason
	// Secret says which secret matched, its index or name, never its value.
	Secret SecretRef
	// Webhook is the id of the UP42 webhook whose secret matched, where known.
	Webhook string
	// Proof is how the verdict came about.
	Proof Proof

	Message

	// Raw is the request body, byte for byte. Headers is the request's header
	// block without credentials, sorted by name; both as they came, so not
	// safe to print.
	Raw     []byte
	Headers []Header
}

// Header is one header line of a request.
type Header struct{ Name, Value string }

// SecretRef names a secret: "0", "1", … for the position among the configured
// ones, else a name. Empty: none matched.
type SecretRef string

// MarshalJSON writes a position as a number, a name as a string, none as null.
func (s SecretRef) MarshalJSON() ([]byte, error) {
	switch {
	case s == "":
		return []byte("null"), nil
	case isIndex(string(s)):
		return []byte(s), nil
	default:
		return json.Marshal(string(s))
	}
}

func isIndex(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(s) < 10 && (s == "0" || s[0] != '0')
}

// Proof is how a verdict came about, for the owner's eyes: no secret and no
// expected signature is in it.
type Proof struct {
	// Label is the signature's label, "" where there was no signature.
	Label string `json:"label,omitempty"`
	// Components are the covered headers in the order of the signature.
	Components []string `json:"components,omitempty"`
	// Created is the signature's own time, Unix seconds; 0: none.
	Created int64 `json:"created,omitempty"`
	// Digest names the digest algorithm that was checked against the body
	// ("sha-256", "sha-512"), "" where none was.
	Digest string `json:"digest,omitempty"`
	// BodyCovered: that digest was covered by the signature, and matched.
	BodyCovered bool `json:"bodyCovered,omitempty"`
	// Method, Path and Remote are the request's. Remote is an address.
	Method string `json:"method,omitempty"`
	Path   string `json:"path,omitempty"`
	Remote string `json:"remote,omitempty"`
}

// eventJSON fixes names and order of the fields that every command prints.
type eventJSON struct {
	Seq        int64           `json:"seq"`
	ReceivedAt time.Time       `json:"receivedAt"`
	Verdict    Verdict         `json:"verdict"`
	Reason     Reason          `json:"reason"`
	Secret     SecretRef       `json:"secret"`
	Webhook    string          `json:"webhook"`
	Event      string          `json:"event"`
	MessageID  string          `json:"messageId"`
	Timestamp  *time.Time      `json:"timestamp"`
	LiveMode   bool            `json:"liveMode"`
	Kind       Kind            `json:"kind"`
	ID         string          `json:"id"`
	Status     Status          `json:"status"`
	Final      bool            `json:"final"`
	Body       json.RawMessage `json:"body"`
}

// MarshalJSON writes the event under the names of design.md §3: `body` is
// UP42's inner object as it came, `timestamp` is null where UP42 sent none that
// can be read. Print it with [AppendJSONLine].
func (e *Event) MarshalJSON() ([]byte, error) {
	out := eventJSON{
		Seq: e.Seq, ReceivedAt: e.ReceivedAt.UTC(), Verdict: e.Verdict, Reason: e.Reason,
		Secret: e.Secret, Webhook: e.Webhook, Event: e.Name, MessageID: e.MessageID,
		LiveMode: e.LiveMode, Kind: e.Kind, ID: e.ID, Status: e.Status, Final: e.Final, Body: e.Body,
	}
	if !e.Timestamp.IsZero() {
		t := e.Timestamp.UTC()
		out.Timestamp = &t
	}
	return marshal(out)
}

// At is the event's place in time: UP42's timestamp, else the arrival.
func (e *Event) At() time.Time {
	if e.Timestamp.IsZero() {
		return e.ReceivedAt
	}
	return e.Timestamp
}

// Key is the row that the event belongs to; ok is false where it has none.
func (e *Event) Key() (k Key, ok bool) {
	k = Key{Kind: e.Kind, ID: e.ID}
	return k, e.Verdict.Trust() > NoTrust && k.usable() && e.Status != ""
}

// Class returns the class of the event's status. A final status that is not known has
// the class Ended.
func (e *Event) Class() Class { return e.Status.Class(e.Kind).orEnded(e.Final) }
