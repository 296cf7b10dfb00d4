package receivertest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Start is when events come that say no other time.
var Start = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// Change changes an event that is being built.
type Change func(*receiver.Event)

// Order returns an event of an order: live, verified, and received at Start.
func Order(id string, s receiver.Status, changes ...Change) *receiver.Event {
	return Event(receiver.OrderStatus, id, s, changes...)
}

// Job returns an event of a job, otherwise like Order.
func Job(id string, s receiver.Status, changes ...Change) *receiver.Event {
	return Event(receiver.JobStatus, id, s, changes...)
}

// Event returns an event of any name: live, verified, and received at Start, with the
// changes applied in order. If the changes set no message id, it is made of id, status
// and time. If they set no Body or Raw, these are encoded from the other fields.
func Event(name, id string, s receiver.Status, changes ...Change) *receiver.Event {
	kind := receiver.KindOf(name)
	e := &receiver.Event{
		Verdict: receiver.Verified, ReceivedAt: Start,
		Message: receiver.Message{
			Name: name, Kind: kind, ID: id, Status: s, Final: s.Class(kind).Final(), LiveMode: true, Timestamp: Start,
		},
	}
	for _, change := range changes {
		change(e)
	}
	if e.MessageID == "" {
		e.MessageID = fmt.Sprintf("%s %s %d", e.ID, e.Status, e.At().UnixMicro())
		for _, part := range []string{e.TaskID, string(e.SubStatus)} {
			if part != "" {
				e.MessageID += " " + part
			}
		}
	}
	if e.Body == nil {
		e.Body = bodyOf(&e.Message)
	}
	if e.Raw == nil {
		e.Raw = rawOf(&e.Message)
	}
	return e
}

// At sets the time of the change and of its arrival.
func At(t time.Time) Change {
	return func(e *receiver.Event) { e.Timestamp, e.ReceivedAt = t.UTC(), t.UTC() }
}

// As sets the verdict.
func As(v receiver.Verdict) Change {
	return func(e *receiver.Event) { e.Verdict = v }
}

// Rejected makes it a rejected delivery.
func Rejected(r receiver.Reason) Change {
	return func(e *receiver.Event) { e.Verdict, e.Reason = receiver.Rejected, r }
}

// Named sets the name of the order or job.
func Named(name string) Change {
	return func(e *receiver.Event) { e.DisplayName = name }
}

// Sub sets the sub-status.
func Sub(s receiver.Status) Change {
	return func(e *receiver.Event) { e.SubStatus = s }
}

// Task makes it an event about a task of the job.
func Task(id, name string) Change {
	return func(e *receiver.Event) {
		e.TaskID, e.TaskName, e.TaskFinal, e.Final = id, name, e.Final || e.TaskFinal, false
	}
}

// Test makes it a test event.
func Test(e *receiver.Event) { e.LiveMode = false }

// Row folds events into the row of the first.
func Row(events ...*receiver.Event) receiver.Row {
	k, _ := events[0].Key()
	r := receiver.Row{Key: k}
	for _, e := range events {
		r.Apply(e)
	}
	return r
}

func bodyOf(m *receiver.Message) json.RawMessage {
	fields := map[string]any{"status": m.Status, "statusIsFinal": m.Final || m.TaskFinal}
	set := func(name, value string) {
		if value != "" {
			fields[name] = value
		}
	}
	set("dataHostName", m.Host)
	set("subStatus", string(m.SubStatus))
	set("taskName", m.TaskName)
	if m.TaskID == "" {
		set("displayName", m.DisplayName)
	} else {
		set("jobName", m.DisplayName)
	}
	if t, known := receiver.TypeOf(m.Name); known {
		set(t.TaskField, m.TaskID)
		set(t.IDField, m.ID)
		set(t.TypeField, m.Type)
	} else {
		set("id", m.ID)
	}
	return encode(fields)
}

func rawOf(m *receiver.Message) []byte {
	fields := map[string]any{"event": m.Name, "liveMode": m.LiveMode, "messageId": m.MessageID, "body": m.Body}
	if !m.Timestamp.IsZero() {
		fields["timestamp"] = m.Timestamp
	}
	return encode(fields)
}

func encode(fields map[string]any) []byte {
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err) // a test gave a body that is not JSON
	}
	return text
}
