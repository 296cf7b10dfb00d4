package feed

import (
	"time"
	"unique"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/cells"
)

const (
	// maxWord and maxName are the largest widths of the texts that are kept.
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
	webhook                  unique.Handle[string] // its id
	about                    unique.Handle[about]
	at                       int64 // microseconds of Unix time
	class                    receiver.Class
	live, conflict, rejected bool
	// absent says why nothing but the number is known, or is "".
	absent string
}

// about has what few deliveries have, or what many have in common.
type about struct {
	ofTask bool
	// shown is the status, or the sub-status if that says more.
	shown string
	// admitted says that the delivery was rejected, and admitted later. from is the number
	// that it had among the rejected ones.
	admitted bool
	from     int64
}

// EntryOf makes an Entry of an event, or of a rejected delivery. Which one it is, the log said to
// which it was asked: the verdict may be one of a newer version.
func EntryOf(e *receiver.Event, rejected bool) *Entry {
	return &Entry{
		Seq: e.Seq, Verdict: e.Verdict, Kind: e.Kind,
		name: cells.Word(e.Name, maxWord), id: unique.Make(cells.ID(e.ID)), status: cells.Word(string(e.Status), maxWord),
		reason: unique.Make(string(e.Reason)), webhook: unique.Make(cells.ID(e.Webhook)),
		about: unique.Make(about{ofTask: e.TaskID != "", shown: cells.Shown(e, maxWord), admitted: !e.Admitted.IsZero(), from: e.Rejection}),
		at:    e.ReceivedAt.UnixMicro(), class: e.Class(), live: e.LiveMode, conflict: e.ConflictsWith != 0, rejected: rejected,
	}
}

// Why nothing but the number of a delivery is known.
const (
	notRead = "not read yet"
	deleted = "deleted"
)

// absent makes the Entry of a delivery that is not read, or that the store does not have.
func absent(key int64, why string) *Entry {
	e := receiver.Event{Seq: key}
	if key < 0 {
		e.Seq, e.Verdict = -key, receiver.Rejected
	}
	entry := EntryOf(&e, key < 0)
	entry.absent = why
	return entry
}

// Rejected reports whether the delivery was rejected.
func (e *Entry) Rejected() bool { return e.rejected }

// Admitted reports whether the delivery was rejected when it came, and admitted later.
func (e *Entry) Admitted() bool { return e.about.Value().admitted }

// Rejection returns the number that an admitted delivery had among the rejected ones here, or 0.
func (e *Entry) Rejection() int64 { return e.about.Value().from }

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
func (e *Entry) Webhook() string { return e.webhook.Value() }

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
