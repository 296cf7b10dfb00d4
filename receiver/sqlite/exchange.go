package sqlite

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver"
)

// An export is lines of JSON. The first says what it is; each of the others
// holds one thing, under its name. Bytes are in base64, as are texts that are
// not valid UTF-8, so that everything comes back bit for bit.

const (
	exportName    = "up42hooks-export"
	exportVersion = 1
)

// exportLine is a line of an export; one of its fields is set.
type exportLine struct {
	Format  string `json:"format,omitempty"` // of the first: exportName
	Version int    `json:"version,omitempty"`
	// Rows: events were deleted, so that those that are left do not tell the
	// rows; the lines of rows do.
	Rows bool `json:"rows,omitempty"`

	// Message is one whose event is gone; what is kept tells of the others.
	Message  *exportMessage  `json:"message,omitempty"`
	Event    *exportEvent    `json:"event,omitempty"`
	Rejected *exportEvent    `json:"rejected,omitempty"`
	Row      *exportRow      `json:"row,omitempty"`
	Progress *exportProgress `json:"progress,omitempty"`
	Failure  *exportFailure  `json:"failure,omitempty"`
	// Counters is the last line: without it an export is not whole.
	Counters *exportCounters `json:"counters,omitempty"`
}

type exportMessage struct {
	Key   []byte         `json:"key"`
	Trust receiver.Trust `json:"trust"`
	Seq   int64          `json:"seq"`
}

type exportEvent struct {
	Seq        int64       `json:"seq"`
	ReceivedAt time.Time   `json:"receivedAt"`
	Verdict    string      `json:"verdict"`
	Reason     exact       `json:"reason,omitempty"`
	Secret     exact       `json:"secret,omitempty"`
	Webhook    exact       `json:"webhook,omitempty"`
	Proof      exportProof `json:"proof"`
	Headers    [][2]exact  `json:"headers,omitempty"`
	Body       []byte      `json:"body"`
}

type exportProof struct {
	Label       exact   `json:"label,omitempty"`
	Components  []exact `json:"components,omitempty"`
	Created     int64   `json:"created,omitempty"`
	Digest      exact   `json:"digest,omitempty"`
	BodyCovered bool    `json:"bodyCovered,omitempty"`
	Method      exact   `json:"method,omitempty"`
	Path        exact   `json:"path,omitempty"`
	Remote      exact   `json:"remote,omitempty"`
}

// exportRow is a row as the store keeps it.
type exportRow struct {
	Place  int64  `json:"place"`
	Kind   string `json:"kind"`
	ID     exact  `json:"id"`
	Seq    int64  `json:"seq"`
	State  []byte `json:"state"`
	Points []byte `json:"points"`
}

type exportProgress struct {
	Reader exact   `json:"reader"`
	Cursor int64   `json:"cursor"`
	Done   []int64 `json:"done,omitempty"`
}

type exportFailure struct {
	Reader exact     `json:"reader"`
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	Tries  int       `json:"tries"`
	Reason exact     `json:"reason"`
}

type exportCounters struct {
	LastSeq    int64 `json:"lastSeq"`
	Verified   int64 `json:"verified"`
	Trusted    int64 `json:"trusted"`
	Partial    int64 `json:"partial"`
	Unsigned   int64 `json:"unsigned"`
	Deleted    int64 `json:"deleted"`
	Rejected   int64 `json:"rejected"`
	Duplicates int64 `json:"duplicates"`
	Orders     int64 `json:"orders"`
	Jobs       int64 `json:"jobs"`
	// LastArrival is in microseconds since 1970; 0: nothing ever came.
	LastArrival int64 `json:"lastArrival"`
}

// exact is a text of any bytes: a JSON string, or where that would change it,
// {"base64": …}.
type exact string

func (e exact) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(e)) {
		return json.Marshal(string(e))
	}
	return json.Marshal(map[string][]byte{"base64": []byte(e)})
}

func (e *exact) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(e))
	}
	var v struct {
		Base64 []byte `json:"base64"`
	}
	err := json.Unmarshal(b, &v)
	*e = exact(v.Base64)
	return err
}

func exactly[S ~string](texts []S) []exact {
	out := make([]exact, 0, len(texts))
	for _, s := range texts {
		out = append(out, exact(s))
	}
	return out
}

func exportOf(e *receiver.Event) *exportEvent {
	p := &e.Proof
	out := &exportEvent{
		Seq: e.Seq, ReceivedAt: e.ReceivedAt, Verdict: string(e.Verdict),
		Reason: exact(e.Reason), Secret: exact(e.Secret), Webhook: exact(e.Webhook),
		Proof: exportProof{
			Label: exact(p.Label), Components: exactly(p.Components), Created: p.Created, Digest: exact(p.Digest),
			BodyCovered: p.BodyCovered, Method: exact(p.Method), Path: exact(p.Path), Remote: exact(p.Remote),
		},
		Body: notNil(e.Raw),
	}
	for _, h := range e.Headers {
		out.Headers = append(out.Headers, [2]exact{exact(h.Name), exact(h.Value)})
	}
	return out
}

// event is the event that exportOf was given.
func (x *exportEvent) event() (*receiver.Event, error) {
	p := &x.Proof
	e := &receiver.Event{
		Seq: x.Seq, ReceivedAt: x.ReceivedAt, Verdict: receiver.Verdict(x.Verdict),
		Reason: receiver.Reason(x.Reason), Secret: receiver.SecretRef(x.Secret), Webhook: string(x.Webhook),
		Proof: receiver.Proof{
			Label: string(p.Label), Created: p.Created, Digest: string(p.Digest),
			BodyCovered: p.BodyCovered, Method: string(p.Method), Path: string(p.Path), Remote: string(p.Remote),
		},
		Raw: x.Body,
	}
	if known := verdictOf(verdictCode(e.Verdict)); known != e.Verdict {
		return nil, fmt.Errorf("event %d: no such verdict: %q", x.Seq, x.Verdict)
	}
	for _, c := range p.Components {
		e.Proof.Components = append(e.Proof.Components, string(c))
	}
	for _, h := range x.Headers {
		e.Headers = append(e.Headers, receiver.Header{Name: string(h[0]), Value: string(h[1])})
	}
	// As when the store is read: a body that makes no sense says nothing.
	if m, err := receiver.Decode(e.Raw); err == nil {
		e.Message = m
	}
	return e, nil
}
