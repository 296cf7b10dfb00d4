package receiver

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver/timestamp"
)

// Message is what UP42 said, decoded as far as its fields are known. All of it comes
// from outside: clean it before you print it on a terminal.
type Message struct {
	// Name is the event's name, such as "order.status". It need not be a known one.
	Name string
	// MessageID is UP42's id of the message; "" if it sent none.
	MessageID string
	// Timestamp is when UP42 says the change happened, in UTC. It is zero if there is
	// no time or an unreadable one; see Event.TimestampProblem.
	Timestamp time.Time
	// LiveMode is false for test events. An event that does not say so is one, too.
	LiveMode bool
	// Kind is "" if the event's name is not known.
	Kind Kind
	// ID is the id of the order or job, "" if the body has none.
	ID string
	// Status is "" if the body has none. SubStatus refines it, and may be "".
	Status, SubStatus Status
	// Final is UP42's statusIsFinal; without that field, it says whether the class of
	// the status is final. It is false for the event of a task, which does not end the
	// job.
	Final bool
	// TaskID is the id of the task that the event is about. It is "" if the event is
	// about the job or order itself. TaskName may be "". TaskFinal is to the task what
	// Final is to the job.
	TaskID, TaskName string
	TaskFinal        bool
	// Type, Host and DisplayName describe the order or job. Each may be "".
	Type, Host, DisplayName string
	// Body is UP42's inner object as it came. It may be nil. It shares memory with the
	// body of the delivery.
	Body json.RawMessage

	timestampProblem string // why Timestamp is zero although there is one
}

// Decode reads the body of a delivery. The body must be a JSON object that names an
// event; any other field of an unexpected type counts as missing. The error says what
// is wrong: it is for the owner of the receiver, not for the sender. See “Delivery” in
// receiver/README.md.
func Decode(raw []byte) (Message, error) {
	var w wireMessage
	if !w.read(raw) {
		return Message{}, notAnObject(raw)
	}
	m := Message{
		Name: text(w.Event), MessageID: w.MessageID.text(), LiveMode: string(w.LiveMode) == "true", Body: w.Body,
	}
	if m.Name == "" {
		return Message{}, errors.New("decode delivery: it names no event")
	}
	var err error
	if m.Timestamp, err = timestamp.FromJSON(w.Timestamp); err != nil {
		m.timestampProblem = err.Error()
	}
	m.Kind = KindOf(m.Name)
	m.decodeBody(&w.body)
	return m, nil
}

// notAnObject says why a body could not be read.
func notAnObject(raw []byte) error {
	var v json.RawMessage
	if err := json.Unmarshal(raw, &v); err != nil {
		return fmt.Errorf("decode delivery: %w", err)
	}
	return errors.New("decode delivery: not a JSON object")
}

func (m *Message) decodeBody(b *wireBody) {
	if t, known := TypeOf(m.Name); known {
		m.ID, m.Type, m.TaskID = t.fields(*b)
	} else {
		m.ID = b.anyID()
	}
	m.Status, m.SubStatus = b.status()
	m.Host = text(b.DataHostName)
	final, known := b.isFinal()
	if !known {
		final = m.Status.Class(m.Kind).Final()
	}
	if m.TaskID == "" {
		m.Final, m.DisplayName = final, b.name()
	} else {
		m.TaskFinal, m.TaskName, m.DisplayName = final, b.taskName(), text(b.JobName)
	}
}
