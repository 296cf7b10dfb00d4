package undelivered

import (
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/cells"
	"github.com/up42/up42-webhooks/tui/text"
)

// The largest widths of the texts that a row keeps.
const (
	maxWord   = 80
	maxReason = 200
)

// Row is an event that a target did not take. It never changes. Its texts are
// clean, except Target and the id.
type Row struct {
	// Target is the name of the target's reader, and Seq the event's sequence
	// number.
	Target string
	Seq    int64

	failure        receiver.Failure
	target, reason string
	event          event
}

// event is what the row shows of the event. It is zero if the store does not have
// the event any more.
type event struct {
	key              receiver.Key
	name, status     string
	sub, task        string
	shown            string // the status, or the sub-status if that says more
	title, typ, host string
	verdict          receiver.Verdict
	class            receiver.Class
	final, live      bool
	conflict         bool
}

func eventOf(e *receiver.Event) event {
	return event{
		key: receiver.Key{Kind: e.Kind, ID: cells.ID(e.ID), Test: !e.LiveMode}, name: text.Short(e.Name, maxWord), status: text.Short(string(e.Status), maxWord),
		sub: text.Short(string(e.SubStatus), maxWord), task: cells.ID(e.TaskID), shown: cells.Shown(e, maxWord),
		title: text.Short(e.DisplayName, maxWord), typ: text.Short(e.Type, maxWord), host: text.Short(e.Host, maxWord),
		verdict: e.Verdict, class: e.Class(), final: e.Final, live: e.LiveMode, conflict: e.ConflictsWith != 0,
	}
}

func rowOf(f receiver.Failure, e event) *Row {
	return &Row{
		Target: f.Reader, Seq: f.Seq, failure: f, target: text.Short(f.Reader, maxWord), reason: text.Short(f.Reason, maxReason), event: e,
	}
}

// rowID returns the id of a row. Several targets may not have taken the same event.
func rowID(r *Row) string { return idOf(r.Target, r.Seq) }

func idOf(target string, seq int64) string { return fmt.Sprintf("%020d %s", seq, target) }

// passes reports whether a row passes a filter. Words are searched in all texts that
// the row shows. Filters for the time use the time at which the row was given up.
func passes(f *filter.Filter, r *Row, now time.Time) bool {
	e := &r.event
	words := [...]string{r.target, r.reason, e.name, string(e.key.Kind), e.key.ID, e.status, string(e.verdict), e.sub, e.task}
	return f.Match(&filter.Subject{
		Kind: e.key.Kind, Status: receiver.Status(e.status), SubStatus: receiver.Status(e.sub), Class: e.class, Final: e.final, Live: e.live, Event: e.name, Verdict: e.verdict,
		ID: e.key.ID, Task: e.task, Name: e.title, Type: e.typ, Host: e.host, Seq: r.Seq, At: r.failure.At, Words: words[:],
	}, now)
}
