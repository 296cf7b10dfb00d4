package feed

import (
	"time"
	"unique"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/cells"
	"github.com/up42/up42-webhooks/tui/text"
)

const (
	// maxWord and maxName are the largest widths of the texts that an entry keeps.
	maxWord = 40
	maxName = 80
	// shortID is how many characters of a webhook's id are shown if its name is
	// not known.
	shortID = 8
)

// Entry is what the feed keeps of a delivery. The body and the headers stay in the
// store. An entry never changes. Its texts are clean, except the ids, and short, whatever
// was sent: strangers can fill the feed.
type Entry struct {
	// Seq is the delivery's sequence number among the events, or among the
	// rejected deliveries.
	Seq     int64
	Verdict receiver.Verdict
	Kind    receiver.Kind

	name, id, status, reason unique.Handle[string]
	webhook                  unique.Handle[webhook]
	about                    unique.Handle[about]
	at                       int64 // microseconds of Unix time
	class                    receiver.Class
	final, live, conflict    bool
}

// webhook is the webhook of a delivery. The name is "" if it is not known.
type webhook struct{ id, name string }

// about has the texts that a filter can search and no column shows, and those that few
// deliveries have.
type about struct {
	name, typ, host string
	secret          receiver.SecretRef
	sub, task       string
	// shown is the status, or the sub-status if that says more.
	shown string
	// admitted says that the delivery was rejected, and admitted later. from is the number
	// that it had among the rejected ones.
	admitted bool
	from     int64
}

// EntryOf makes an Entry of an event.
func EntryOf(e *receiver.Event) *Entry {
	return &Entry{
		Seq: e.Seq, Verdict: e.Verdict, Kind: e.Kind,
		name: cells.Word(e.Name, maxWord), id: unique.Make(cells.ID(e.ID)), status: cells.Word(string(e.Status), maxWord),
		reason: unique.Make(string(e.Reason)), webhook: unique.Make(webhook{id: cells.ID(e.Webhook)}),
		about: unique.Make(about{
			name: text.Short(e.DisplayName, maxName), typ: text.Short(e.Type, maxWord), host: text.Short(e.Host, maxWord), secret: e.Secret,
			sub: text.Short(string(e.SubStatus), maxWord), task: cells.ID(e.TaskID), shown: cells.Shown(e, maxWord),
			admitted: !e.Admitted.IsZero(), from: e.Rejection,
		}),
		at: e.ReceivedAt.UnixMicro(), class: e.Class(), final: e.Final, live: e.LiveMode, conflict: e.ConflictsWith != 0,
	}
}

// Rejected reports whether the delivery was rejected.
func (e *Entry) Rejected() bool { return e.Verdict == receiver.Rejected }

// Admitted reports whether the delivery was rejected when it came, and admitted later.
func (e *Entry) Admitted() bool { return e.about.Value().admitted }

// Key returns the delivery's id in the feed: its sequence number, negative for a
// rejected delivery, as these are counted separately.
func (e *Entry) Key() int64 {
	if e.Rejected() {
		return -e.Seq
	}
	return e.Seq
}

// At returns when the delivery arrived.
func (e *Entry) At() time.Time { return time.UnixMicro(e.at) }

// ID returns the id of the order or job as [cells.ID] keeps it, or "".
func (e *Entry) ID() string { return e.id.Value() }

// Webhook returns the id of the delivery's webhook, or "" if it is not known.
func (e *Entry) Webhook() string { return e.webhook.Value().id }

// withWebhookName returns the entry with the name of its webhook.
func (e *Entry) withWebhookName(name string) *Entry {
	w := e.webhook.Value()
	if w.name == name {
		return e
	}
	c := *e
	c.webhook = unique.Make(webhook{w.id, name})
	return &c
}

// mark returns the word for an event that conflicts with another one, or "".
func (e *Entry) mark() string {
	if e.conflict {
		return "conflict"
	}
	return ""
}

// mode returns "live" or "test", or "" if the delivery could not be read.
func (e *Entry) mode() string {
	switch {
	case e.name.Value() == "":
		return ""
	case e.live:
		return "live"
	default:
		return "test"
	}
}
