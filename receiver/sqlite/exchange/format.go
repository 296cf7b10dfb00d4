// Package exchange reads and writes exports of a store.
//
// An export is lines of JSON. The first line says what it is; each other line has one
// thing under its name. Bytes are in base64, and so is a text that is not valid UTF-8,
// so that an import restores everything bit for bit.
package exchange

import (
	"encoding/json"
	"time"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver"
)

const (
	formatName = "up42hooks-export"
	// Exports of version 1 have no rows of test events, and their rows have no tasks.
	// Those of version 2 have no conflicts, no digests of messages, and other ids that
	// are not Unicode.
	formatVersion = 3
)

// Line is a line of an export. One of its fields is set.
type Line struct {
	Format  string `json:"format,omitempty"` // of the first line: formatName
	Version int    `json:"version,omitempty"`
	// Rows says that events were deleted, so that the other events do not make the
	// rows, and that the export has lines of rows.
	Rows bool `json:"rows,omitempty"`

	// Message is a message whose event was deleted.
	Message    *Message    `json:"message,omitempty"`
	Event      *Event      `json:"event,omitempty"`
	Rejected   *Event      `json:"rejected,omitempty"`
	Row        *Row        `json:"row,omitempty"`
	Checkpoint *Checkpoint `json:"progress,omitempty"`
	Failure    *Failure    `json:"failure,omitempty"`
	ClockJump  *ClockJump  `json:"clockJump,omitempty"`
	// Counters is the last line. Without it an export is incomplete.
	Counters *Counters `json:"counters,omitempty"`
}

// Message is what the index of duplicates has of a message.
type Message struct {
	Key   []byte         `json:"key"`
	Trust receiver.Trust `json:"trust"`
	Seq   int64          `json:"seq"`
	// Body is the digest of the body, 0 if it is not known.
	Body int64 `json:"body,omitempty"`
}

// Event is an event or a rejected delivery.
type Event struct {
	Seq        int64     `json:"seq"`
	ReceivedAt time.Time `json:"receivedAt"`
	Verdict    string    `json:"verdict"`
	Reason     Text      `json:"reason,omitempty"`
	Secret     Text      `json:"secret,omitempty"`
	Webhook    Text      `json:"webhook,omitempty"`
	Ahead      bool      `json:"ahead,omitempty"`
	Plain      bool      `json:"plain,omitempty"`
	Admitted   time.Time `json:"admitted,omitzero"`
	Rejection  int64     `json:"rejection,omitempty"`
	// Origin is the member of a team that received the event, "" if the store's own receiver did.
	Origin Text `json:"origin,omitempty"`
	// ConflictsWith is the event that has the same message id, 0 without a conflict.
	ConflictsWith int64     `json:"conflictsWith,omitempty"`
	Proof         Proof     `json:"proof"`
	Headers       [][2]Text `json:"headers,omitempty"`
	Body          []byte    `json:"body"`
}

// Proof is what the receiver verified of an event.
type Proof struct {
	Label       Text   `json:"label,omitempty"`
	Components  []Text `json:"components,omitempty"`
	Created     int64  `json:"created,omitempty"`
	Digest      Text   `json:"digest,omitempty"`
	BodyCovered bool   `json:"bodyCovered,omitempty"`
	Age         Text   `json:"age,omitempty"`
	// MaxMessageAge is in nanoseconds.
	MaxMessageAge int64 `json:"maxMessageAge,omitempty"`
	Method        Text  `json:"method,omitempty"`
	Path          Text  `json:"path,omitempty"`
	Remote        Text  `json:"remote,omitempty"`
}

// Row is a row as the store has it.
type Row struct {
	Number  int64  `json:"place"`
	Kind    string `json:"kind"`
	ID      Text   `json:"id"`
	Test    bool   `json:"test,omitempty"`
	Seq     int64  `json:"seq"`
	State   []byte `json:"state"`
	Updates []byte `json:"points"`
}

// Checkpoint is how far a reader got.
type Checkpoint struct {
	Reader Text   `json:"reader"`
	Cursor int64  `json:"cursor"`
	Done   []Span `json:"done,omitempty"`
}

// Span is a range of sequence numbers: [first, last], or a single number.
type Span receiver.Span

// MarshalJSON writes the range.
func (s Span) MarshalJSON() ([]byte, error) {
	if s.First == s.Last {
		return json.Marshal(s.First)
	}
	return json.Marshal([2]int64{s.First, s.Last})
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (s *Span) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		var ends []int64
		if err := json.Unmarshal(b, &ends); err != nil {
			return err
		}
		if len(ends) != 2 {
			return errRange
		}
		s.First, s.Last = ends[0], ends[1]
		return nil
	}
	err := json.Unmarshal(b, &s.First)
	s.Last = s.First
	return err
}

// Failure is an event that a reader gave up.
type Failure struct {
	Reader Text      `json:"reader"`
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	Tries  int       `json:"tries"`
	Reason Text      `json:"reason"`
}

// ClockJump is a jump of the clock. Retention needs it to know how old events are.
type ClockJump struct {
	// Seq and Rejected are the newest event and rejected delivery before it.
	Seq      int64 `json:"seq"`
	Rejected int64 `json:"rejected"`
	// At is in microseconds since 1970, by the new clock.
	At int64 `json:"at"`
	// Jump is in microseconds, positive if the clock was put ahead.
	Jump int64 `json:"jump"`
}

// Counters are the store's counters.
type Counters struct {
	LastSeq    int64 `json:"lastSeq"`
	Verified   int64 `json:"verified"`
	Trusted    int64 `json:"trusted"`
	Partial    int64 `json:"partial"`
	Unsigned   int64 `json:"unsigned"`
	Deleted    int64 `json:"deleted"`
	Rejected   int64 `json:"rejected"`
	Duplicates int64 `json:"duplicates"`
	Conflicts  int64 `json:"conflicts"`
	Unmatched  int64 `json:"unmatched,omitempty"`
	Orders     int64 `json:"orders"`
	Jobs       int64 `json:"jobs"`
	// LastArrival is in microseconds since 1970; 0: there was no delivery.
	LastArrival int64 `json:"lastArrival"`
}

// Text is a text of any bytes: a JSON string, or {"base64": …} if a JSON string can't
// have the bytes.
type Text string

// MarshalJSON writes the text.
func (t Text) MarshalJSON() ([]byte, error) { return t.AppendJSON(make([]byte, 0, len(t)+2)), nil }

// AppendJSON appends the text as MarshalJSON writes it.
func (t Text) AppendJSON(dst []byte) []byte {
	if isPlain(t) {
		return append(append(append(dst, '"'), t...), '"')
	}
	var v any = string(t)
	if !utf8.ValidString(string(t)) {
		v = map[string][]byte{"base64": []byte(t)}
	}
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // a string can be encoded
	}
	return append(dst, text...)
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (t *Text) UnmarshalJSON(b []byte) error {
	if n := len(b) - 1; n > 0 && b[0] == '"' && isPlain(b[1:n]) {
		*t = Text(b[1:n])
		return nil
	}
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(t))
	}
	var v struct {
		Base64 []byte `json:"base64"`
	}
	err := json.Unmarshal(b, &v)
	*t = Text(v.Base64)
	return err
}

// isPlain reports whether JSON has a text as it is, which nearly every text is.
func isPlain[T Text | []byte](t T) bool {
	for i := range len(t) {
		if c := t[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
	}
	return true
}
