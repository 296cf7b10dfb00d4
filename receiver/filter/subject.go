package filter

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Subject is what a filter matches: a delivery or a row. Leave unknown fields empty: an
// empty field has no value that a word could match, so only a word behind "-" passes.
type Subject struct {
	Kind receiver.Kind
	// The key status asks about Status and SubStatus. A delivery without a status has no
	// class either; a row always has one.
	Status, SubStatus receiver.Status
	Class             receiver.Class
	Final             bool
	Live              bool

	// Event is the name of the event.
	Event string
	// Verdict is set for deliveries, Trust for rows.
	Verdict receiver.Verdict
	Trust   receiver.Trust
	Reason  receiver.Reason

	// Task is the id of the task that a delivery is about.
	ID, Task             string
	Webhook, WebhookName string
	Secret               receiver.SecretRef
	Name, Type, Host     string

	Seq int64
	// At is the time at which a delivery arrived or a row changed last.
	At time.Time
	// Words are the texts that the screen shows. A word without a key is looked for in
	// each of them.
	Words []string
}

// Event reports whether a delivery passes. A word without a key is looked for in what
// the list of events on the screen shows.
func (f *Filter) Event(e *receiver.Event, now time.Time) bool { return f.EventThrough(e, "", now) }

// EventThrough is Event for a delivery whose webhook has a name, which the list on the screen
// shows too.
func (f *Filter) EventThrough(e *receiver.Event, webhookName string, now time.Time) bool {
	words := [...]string{
		string(e.Verdict), string(e.Reason), e.Name, string(e.Kind), e.ID, string(e.Status), mode(e), e.Webhook, webhookName,
		string(e.SubStatus), e.TaskID, conflict(e),
	}
	return f.Match(&Subject{
		Kind: e.Kind, Status: e.Status, SubStatus: e.SubStatus, Class: e.Class(), Final: e.Final, Live: e.LiveMode,
		Event: e.Name, Verdict: e.Verdict, Reason: e.Reason,
		ID: e.ID, Task: e.TaskID, Webhook: e.Webhook, WebhookName: webhookName, Secret: e.Secret, Name: e.DisplayName, Type: e.Type, Host: e.Host,
		Seq: e.Seq, At: e.ReceivedAt, Words: words[:],
	}, now)
}

// conflict is the word for an event that conflicts with another one.
func conflict(e *receiver.Event) string {
	if e.ConflictsWith == 0 {
		return ""
	}
	return "conflict"
}

// mode is empty for a delivery whose body can't be read.
func mode(e *receiver.Event) string {
	switch {
	case e.Name == "":
		return ""
	case e.LiveMode:
		return "live"
	default:
		return "test"
	}
}

// Row reports whether a row passes. Since and until ask about its last change, seq about
// the event of that change, and verdict about the row's trust. A row has no event name,
// reason, webhook and secret: to refuse filters that ask for them, use [Filter.Only] with
// [RowKeys].
func (f *Filter) Row(r *receiver.Row, now time.Time) bool {
	var trust, test string
	if r.Trust < receiver.FullTrust {
		trust = r.Trust.String()
	}
	if r.Test {
		test = "test"
	}
	class := r.Class()
	words := [...]string{r.ID, r.Name, r.Type, r.Host, string(r.Status), class.String(), trust, test, string(r.SubStatus)}
	return f.Match(&Subject{
		Kind: r.Kind, Status: r.Status, SubStatus: r.SubStatus, Class: class, Final: r.Final, Live: !r.Test, Trust: r.Trust,
		ID: r.ID, Name: r.Name, Type: r.Type, Host: r.Host, Seq: r.Seq, At: r.LastChange, Words: words[:],
	}, now)
}
