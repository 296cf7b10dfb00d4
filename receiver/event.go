package receiver

import (
	"crypto/sha256"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver/signature"
)

// Event is one delivery: what UP42 said, and how the receiver judged it. Readers share
// events, so nobody changes an event after it was appended.
type Event struct {
	// Seq is the event's place in the log. The first event has 1, each later one the
	// next number. A number is never reused, so retention leaves gaps. Rejected
	// deliveries have numbers of their own.
	Seq int64
	// ReceivedAt is when the whole request had arrived, in UTC, to the microsecond.
	ReceivedAt time.Time
	Verdict    Verdict
	// Reason is set only if the delivery was rejected.
	Reason Reason
	// Secret says which secret signed the delivery, by index or name. It never holds
	// the secret's value.
	Secret SecretRef
	// Webhook is the id of the UP42 webhook that has this secret, "" if it is not known.
	Webhook string
	// Proof says how the verdict came about.
	Proof Proof
	// Ahead says that the timestamp was further ahead of the arrival than the receiver
	// allows; see At.
	Ahead bool
	// Plain says of a rejected delivery that its header lines are known as they came: none
	// of them was folded or merged. Only then can its signature be judged again.
	Plain bool
	// Admitted is when the owner admitted the delivery, which was rejected when it came.
	// It is zero for any other event.
	Admitted time.Time
	// Rejection is the number that an admitted delivery had among the rejected ones, 0 if it
	// had it in another store.
	Rejection int64
	// Origin is the member of a team that received the event; "" if the store's own receiver did.
	Origin string
	// ConflictsWith is the Seq of an earlier event that has the same message id, another
	// body, and at least as much trust; 0 without a conflict. See “The same message” in
	// receiver/README.md.
	ConflictsWith int64

	Message

	// Raw is the request body, byte for byte. Headers are the request's headers without
	// credentials, sorted by name. Both come from outside: clean them before you print
	// them.
	Raw     []byte
	Headers []Header

	bodySum *[sha256.Size]byte // of Raw; nil: not known yet
}

// BodySHA256 returns the SHA-256 of Raw. If a digest header was compared with the body,
// it was computed then.
func (e *Event) BodySHA256() [sha256.Size]byte {
	if e.bodySum != nil {
		return *e.bodySum
	}
	return sha256.Sum256(e.Raw)
}

// Header is one header line of a request.
type Header struct{ Name, Value string }

// SecretRef refers to a secret: "0", "1", … is its index among the configured secrets,
// anything else is a name. It is "" if no secret matched.
type SecretRef string

// MarshalJSON encodes an index as a number, a name as a string, and "" as null.
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

func isIndex(s string) bool { return isDigits(s) && len(s) < 10 && (s == "0" || s[0] != '0') }

func isDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// Proof says how a verdict came about, for the owner of the receiver. It holds no
// secret and no expected signature.
type Proof struct {
	// Label is the signature's label, "" if there is no signature.
	Label string `json:"label,omitempty"`
	// Components are the covered headers in the order of the signature.
	Components []string `json:"components,omitempty"`
	// Created is the signature's own time in Unix seconds, 0 if it has none.
	Created int64 `json:"created,omitempty"`
	// Digest is the algorithm of the digest that was compared with the body ("sha-256"
	// or "sha-512"), "" if none was.
	Digest string `json:"digest,omitempty"`
	// BodyCovered says that this digest matched and is covered by the signature.
	BodyCovered bool `json:"bodyCovered,omitempty"`
	// Age says whether the age of a covered body is proved, or why not; "" if the body is
	// not covered.
	Age signature.Age `json:"age,omitempty"`
	// MaxMessageAge is the limit that the body's timestamp was judged by, 0 if it was not
	// needed.
	MaxMessageAge time.Duration `json:"maxMessageAge,omitempty"`
	// Method, Path and Remote are those of the request. Remote is an address and a port.
	Method string `json:"method,omitempty"`
	Path   string `json:"path,omitempty"`
	Remote string `json:"remote,omitempty"`
}

// eventJSON fixes the names and the order of the fields of an event in JSON.
type eventJSON struct {
	Seq              int64           `json:"seq" jsonschema:"place in the store; rejected deliveries have places of their own"`
	Number           string          `json:"number,omitempty" jsonschema:"number of a rejected delivery, such as r7"`
	ReceivedAt       time.Time       `json:"receivedAt" jsonschema:"when it came"`
	Admitted         time.Time       `json:"admitted,omitzero" jsonschema:"when a rejected delivery was admitted"`
	AdmittedFrom     string          `json:"admittedFrom,omitempty" jsonschema:"number that it had until then"`
	Verdict          Verdict         `json:"verdict" jsonschema:"verified, trusted, partial, unsigned or rejected"`
	Reason           Reason          `json:"reason" jsonschema:"why it was rejected"`
	Cause            string          `json:"cause,omitempty" jsonschema:"what has probably changed it on its way"`
	Secret           SecretRef       `json:"secret" jsonschema:"index of the secret that matched, or the id of the webhook that has it"`
	Webhook          string          `json:"webhook" jsonschema:"id of the webhook that it came through"`
	From             string          `json:"from,omitempty" jsonschema:"address of the sender"`
	ReceivedBy       string          `json:"receivedBy,omitempty" jsonschema:"member of the team that received it, if not this one"`
	Event            string          `json:"event" jsonschema:"event type"`
	MessageID        string          `json:"messageId" jsonschema:"UP42's id of the message"`
	ConflictsWith    int64           `json:"conflictsWith,omitempty" jsonschema:"event with the same message id and another body"`
	Timestamp        *time.Time      `json:"timestamp" jsonschema:"UP42's time of the event"`
	TimestampProblem string          `json:"timestampProblem,omitempty" jsonschema:"why that time does not count"`
	LiveMode         bool            `json:"liveMode" jsonschema:"false for a test event"`
	Kind             Kind            `json:"kind" jsonschema:"order or job, or empty"`
	ID               string          `json:"id" jsonschema:"id of the order or job"`
	TaskID           string          `json:"taskId,omitempty" jsonschema:"the event is about this task of the job"`
	Status           Status          `json:"status" jsonschema:"status of the order, job or task"`
	SubStatus        Status          `json:"subStatus,omitempty" jsonschema:"what refines the status"`
	Class            string          `json:"class" jsonschema:"progress, trouble, waiting, succeeded, failed, cancelled or ended"`
	Final            bool            `json:"final" jsonschema:"it is the last event of its order or job"`
	Body             json.RawMessage `json:"body" jsonschema:"UP42's inner object as it came"`
}

// JSONShape implements Shaped.
func (*Event) JSONShape() any { return eventJSON{} }

// MarshalJSON encodes the event as `listen` and `events` print it: `body` is UP42's
// inner object as it came, `timestamp` is null if UP42 sent no readable time, `class` is
// empty if there is no status. To print it, use [AppendJSONLine].
func (e *Event) MarshalJSON() ([]byte, error) { return marshal(e.json()) }

func (e *Event) json() eventJSON {
	out := eventJSON{
		Seq: e.Seq, ReceivedAt: e.ReceivedAt.UTC(), Verdict: e.Verdict, Reason: e.Reason,
		Secret: e.Secret, Webhook: e.Webhook, From: e.Proof.Remote, ReceivedBy: e.Origin, Event: e.Name, MessageID: e.MessageID, ConflictsWith: e.ConflictsWith, TimestampProblem: e.TimestampProblem(),
		LiveMode: e.LiveMode, Kind: e.Kind, ID: e.ID, TaskID: e.TaskID, Status: e.Status, SubStatus: e.SubStatus, Final: e.Final, Body: e.Body,
	}
	if e.Verdict == Rejected {
		out.Number, out.Cause = e.Number().String(), e.Cause().What
	}
	if out.Admitted = e.Admitted; e.Rejection > 0 {
		out.AdmittedFrom = Number{Seq: e.Rejection, Rejected: true}.String()
	}
	if e.Status != "" {
		out.Class = e.Class().Word()
	}
	if !e.Timestamp.IsZero() {
		t := e.Timestamp.UTC()
		out.Timestamp = &t
	}
	return out
}

// Entered returns when the delivery became an event: its arrival, or its admission. These
// times are in the order of Seq, as far as the clock was right.
func (e *Event) Entered() time.Time {
	if !e.Admitted.IsZero() {
		return e.Admitted
	}
	return e.ReceivedAt
}

// Number names a delivery for people: 12 is an event, r7 a rejected delivery. Rejected
// deliveries have numbers of their own.
type Number struct {
	Seq      int64
	Rejected bool
}

// Number returns the number of the event.
func (e *Event) Number() Number { return Number{e.Seq, e.Verdict == Rejected} }

// String returns the number as people write it.
func (n Number) String() string {
	text := strconv.FormatInt(n.Seq, 10)
	if n.Rejected {
		return "r" + text
	}
	return text
}

// ParseNumber is the inverse of String. ok is false if the text is not a number of a
// delivery.
func ParseNumber(text string) (n Number, ok bool) {
	digits, rejected := strings.CutPrefix(strings.ToLower(text), "r")
	seq, err := strconv.ParseInt(digits, 10, 64)
	return Number{seq, rejected}, err == nil && seq > 0 && isDigits(digits)
}

// At returns when the event happened: UP42's timestamp. Without one, or if it is too far
// ahead, it is the arrival.
func (e *Event) At() time.Time {
	if e.Ahead || e.Timestamp.IsZero() {
		return e.ReceivedAt
	}
	return e.Timestamp
}

// Size is about how much memory the event takes, in bytes. Its Body is a part of Raw.
func (e *Event) Size() int {
	const fields = 640
	size := fields + len(e.Raw) + len(e.Name) + len(e.MessageID) + len(e.ID) + len(e.Status) + len(e.SubStatus) +
		len(e.TaskID) + len(e.TaskName) + len(e.Type) + len(e.Host) + len(e.DisplayName) + len(e.timestampProblem)
	for _, h := range e.Headers {
		size += 32 + len(h.Name) + len(h.Value)
	}
	return size
}

// TimestampProblem says in a phrase why At is not UP42's timestamp although the event has
// one. It is "" if nothing is wrong. It may quote the timestamp: clean it before you
// print it.
func (e *Event) TimestampProblem() string {
	if e.Ahead {
		return "it is further ahead than --max-future allows, so the arrival counts"
	}
	return e.timestampProblem
}

// Key identifies a row. Test events have rows of their own: an order or job of which
// both live and test events came has two rows.
type Key struct {
	Kind Kind
	ID   string
	// Test says that the row is made of test events.
	Test bool
}

// MaxID is the length in bytes of the longest id that gets a row, maxTaskID that of the
// longest id of a task. UP42's ids are UUIDs of 36 bytes. An event with a longer one is
// stored, but has no row.
const (
	MaxID     = 1024
	maxTaskID = maxText
)

func (k Key) usable() bool { return k.Kind != "" && k.ID != "" && len(k.ID) <= MaxID }

// Key returns the key of the event's row; ok is false if the event has no row.
func (e *Event) Key() (k Key, ok bool) {
	k = Key{Kind: e.Kind, ID: e.ID, Test: !e.LiveMode}
	return k, e.Verdict.Trust() > NoTrust && k.usable() && e.Status != "" && len(e.TaskID) <= maxTaskID
}

// Class returns the class of the event's status. For the event of a task it is the class
// of the task.
func (e *Event) Class() Class { return e.Kind.Class(e.Status, e.SubStatus, e.Final || e.TaskFinal) }

// maxText is how many bytes of a status, name, type, host or path are kept beside the
// event. UP42's have about twenty; the event itself has all of it.
const maxText = 256

// clip cuts a text that is longer than maxText. It copies the rest, so that the short
// text does not keep the long one in memory.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(strings.Clone(s[:maxText]), "")
}
