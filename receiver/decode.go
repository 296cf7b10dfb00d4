package receiver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Message is what UP42 said, decoded as far as its fields are known. All of it
// comes from outside: clean it before it meets a terminal.
type Message struct {
	// Name is the event's name, e.g. "order.status". Names that are not known
	// are kept.
	Name string
	// MessageID is UP42's id of the message; "": it sent none.
	MessageID string
	// Timestamp is UP42's time of the change, UTC; zero: none that can be read.
	Timestamp time.Time
	// LiveMode is false for test events.
	LiveMode bool
	// Kind is "" for an event whose name is not known.
	Kind Kind
	// ID is the order's or the job's id, "" where the body has none.
	ID     string
	Status Status
	// Final is UP42's statusIsFinal, else what the tables of wire.md §2 say.
	Final bool
	// Type, Host and DisplayName describe an order or job, where sent.
	Type, Host, DisplayName string
	// Body is UP42's inner object as it came; nil: none.
	Body json.RawMessage
}

// Field names are matched without regard to case, as encoding/json does:
// jobId and jobID are one (wire.md §1 leaves the spelling open).
type wireMessage struct {
	Event     json.RawMessage `json:"event"`
	LiveMode  json.RawMessage `json:"liveMode"`
	MessageID json.RawMessage `json:"messageId"`
	Timestamp json.RawMessage `json:"timestamp"`
	Body      json.RawMessage `json:"body"`
}

type wireBody struct {
	OrderID       json.RawMessage `json:"orderId"`
	JobID         json.RawMessage `json:"jobId"`
	ID            json.RawMessage `json:"id"`
	OrderType     json.RawMessage `json:"orderType"`
	DataHostName  json.RawMessage `json:"dataHostName"`
	Status        json.RawMessage `json:"status"`
	StatusIsFinal json.RawMessage `json:"statusIsFinal"`
	JobName       json.RawMessage `json:"jobName"`
	DisplayName   json.RawMessage `json:"displayName"`
	Name          json.RawMessage `json:"name"`
	WorkflowName  json.RawMessage `json:"workflowName"`
	ProcessID     json.RawMessage `json:"processId"`
}

// Decode reads a delivery's body. It wants a JSON object with an event name
// and is tolerant of everything else: a field of an unexpected type is as if
// absent. The error says what is wrong, and is for the owner.
func Decode(raw []byte) (Message, error) {
	var w wireMessage
	if err := json.Unmarshal(raw, &w); err != nil {
		return Message{}, fmt.Errorf("decode delivery: %w", err)
	}
	if t := bytes.TrimLeft(raw, " \t\r\n"); len(t) == 0 || t[0] != '{' {
		return Message{}, fmt.Errorf("decode delivery: not a JSON object")
	}
	m := Message{
		Name: text(w.Event), MessageID: text(w.MessageID), LiveMode: string(w.LiveMode) == "true",
		Timestamp: timeOf(text(w.Timestamp)), Body: w.Body,
	}
	if m.Name == "" {
		return Message{}, fmt.Errorf("decode delivery: it names no event")
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
	m.Status = Status(text(b.Status))
	switch m.Kind {
	case Order:
		m.ID = first(b.OrderID, b.ID)
		m.Type = text(b.OrderType)
	case Job:
		m.ID = first(b.JobID, b.ID)
		m.Type = text(b.ProcessID)
	default:
		m.ID = first(b.OrderID, b.JobID, b.ID)
	}
	m.Host = text(b.DataHostName)
	m.DisplayName = first(b.DisplayName, b.JobName, b.Name, b.WorkflowName)
	switch string(b.StatusIsFinal) {
	case "true":
		m.Final = true
	case "false":
	default:
		m.Final = m.Status.Class(m.Kind) != InProgress
	}
}

// text is the string in a JSON value, "" for a value of any other type.
func text(v json.RawMessage) string {
	if len(v) < 2 || v[0] != '"' {
		return ""
	}
	if in := v[1 : len(v)-1]; bytes.IndexByte(in, '\\') < 0 && isASCII(in) {
		return string(in)
	}
	var s string
	if json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

func first(values ...json.RawMessage) string {
	for _, v := range values {
		if s := text(v); s != "" {
			return s
		}
	}
	return ""
}

// timeOf reads RFC 3339; a time that names no zone is taken as UTC, as UP42's
// API leaves it out in places.
func timeOf(s string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
