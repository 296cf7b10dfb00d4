package filter

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Subject is what a filter can ask about: a delivery or a row. What is not
// known of it stays empty, and meets no value: only a word behind "-" holds.
type Subject struct {
	Kind   receiver.Kind
	Status receiver.Status
	Class  receiver.Class
	Final  bool
	Live   bool

	// Event is the event's name.
	Event string
	// Verdict is a delivery's. A row has none, but Trust.
	Verdict receiver.Verdict
	Trust   receiver.Trust
	Reason  receiver.Reason

	ID                   string
	Webhook, WebhookName string
	Secret               receiver.SecretRef
	Name, Type, Host     string

	Seq int64
	// At is when a delivery came, or when a row changed last.
	At time.Time
	// Words are what the screen shows; text is looked for in each of them.
	Words []string
}

// Event says whether a delivery passes. Text is looked for in what the screen's
// list of events shows of it.
func (f *Filter) Event(e *receiver.Event, now time.Time) bool {
	words := [...]string{
		string(e.Verdict), string(e.Reason), e.Name, string(e.Kind), e.ID, string(e.Status), mode(e), e.Webhook,
	}
	return f.Match(&Subject{
		Kind: e.Kind, Status: e.Status, Class: e.Class(), Final: e.Final, Live: e.LiveMode,
		Event: e.Name, Verdict: e.Verdict, Reason: e.Reason,
		ID: e.ID, Webhook: e.Webhook, Secret: e.Secret, Name: e.DisplayName, Type: e.Type, Host: e.Host,
		Seq: e.Seq, At: e.ReceivedAt, Words: words[:],
	}, now)
}

// mode is "" where nothing could be read of the delivery.
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

// Row says whether a row passes. Its time is its last change, its seq the place
// of the event that made it, its verdict any that is worth its trust. It knows
// no event name, reason, webhook and secret: see [Filter.Only] and [RowKeys].
func (f *Filter) Row(r *receiver.Row, now time.Time) bool {
	var trust, test string
	if r.Trust < receiver.FullTrust {
		trust = r.Trust.String()
	}
	if !r.Live {
		test = "test"
	}
	class := r.Class()
	words := [...]string{r.ID, r.Name, r.Type, r.Host, string(r.Status), class.String(), trust, test}
	return f.Match(&Subject{
		Kind: r.Kind, Status: r.Status, Class: class, Final: r.Final, Live: r.Live, Trust: r.Trust,
		ID: r.ID, Name: r.Name, Type: r.Type, Host: r.Host, Seq: r.Seq, At: r.LastChange, Words: words[:],
	}, now)
}
