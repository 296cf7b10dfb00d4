package receiver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Message is what UP42 said, decoded as far as its fields are known. All of it comes
// from outside: clean it before you print it on a terminal.
type Message struct {
	// Name is the event's name, such as "order.status". It need not be a known one.
	Name string
	// MessageID is UP42's id of the message; "" if it sent none.
	MessageID string
	// Timestamp is when UP42 says the change happened, in UTC. It is zero if there is
	// no time or an unreadable one.
	Timestamp time.Time
	// LiveMode is false for test events.
	LiveMode bool
	// Kind is "" if the event's name is not known.
	Kind Kind
	// ID is the id of the order or job, "" if the body has none.
	ID     string
	Status Status
	// Final is UP42's statusIsFinal; without that field, it is true if the class of
	// the status is not InProgress.
	Final bool
	// Type, Host and DisplayName describe the order or job. Each may be "".
	Type, Host, DisplayName string
	// Body is UP42's inner object as it came. It may be nil.
	Body json.RawMessage
}

// Decode reads the body of a delivery. The body must be a JSON object that names an
// event; any other field of an unexpected type counts as missing. The error says what
// is wrong: it is for the owner of the receiver, not for the sender. See “Delivery” in
// receiver/README.md.
func Decode(raw []byte) (Message, error) {
	var w wireMessage
	if err := json.Unmarshal(raw, &w); err != nil {
		return Message{}, fmt.Errorf("decode delivery: %w", err)
	}
	if t := bytes.TrimLeft(raw, " \t\r\n"); len(t) == 0 || t[0] != '{' {
		return Message{}, errors.New("decode delivery: not a JSON object")
	}
	m := Message{
		Name: text(w.Event), MessageID: text(w.MessageID), LiveMode: string(w.LiveMode) == "true",
		Timestamp: timeOf(text(w.Timestamp)), Body: w.Body,
	}
	if m.Name == "" {
		return Message{}, errors.New("decode delivery: it names no event")
	}
	m.Kind = KindOf(m.Name)
	m.decodeBody()
	return m, nil
}

func (m *Message) decodeBody() {
	var b wireBody
	if json.Unmarshal(m.Body, &b) != nil {
		return
	}
	if t, known := TypeOf(m.Name); known {
		m.ID, m.Type = t.fields(&b)
	} else {
		m.ID = b.anyID()
	}
	m.Status = Status(text(b.Status))
	m.Host = text(b.DataHostName)
	m.DisplayName = b.name()
	switch string(b.StatusIsFinal) {
	case "true":
		m.Final = true
	case "false":
	default:
		m.Final = m.Status.Class(m.Kind) != InProgress
	}
}

// timeOf reads a time of RFC 3339. A time without a zone is in UTC, as in some answers
// of UP42's API. An unreadable time is zero.
func timeOf(s string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
