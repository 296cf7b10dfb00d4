package status

import (
	"time"
	"unique"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/cells"
	"github.com/up42/up42-webhooks/tui/detail"
)

// testMark ends the id of a row of test events in the table. No id that UP42 sends has
// it, as it is not UTF-8, and it sorts the row behind the live row of the same id.
const testMark = "\xff"

// ID returns the id of a row in the table.
func ID(k receiver.Key) string {
	if k.Test {
		return k.ID + testMark
	}
	return k.ID
}

// The largest widths of the texts that a row keeps. The details show all of a text.
const (
	maxWord = 40
	maxName = 80
)

// apiWord marks a status that is from UP42's API and not from a delivery.
const apiWord = "API"

// Row is what the table keeps of a receiver.Row. It has about 140 bytes, as the
// table may have fifty thousand rows. A row never changes. Its texts are clean,
// except the id.
type Row struct {
	id string // of the row in the table; see ID
	// Seq is the sequence number of the newest event of the row. 0: no event came,
	// as the row is from UP42's list.
	Seq int64

	name, typ, host, status unique.Handle[string]
	journey                 unique.Handle[receiver.ShortJourney]
	first, changed          int64 // microseconds of Unix time; 0: not known
	events                  int32
	class                   receiver.Class
	trust                   receiver.Trust
	final, live             bool
	more                    *more // nil for a row without any of it
}

// more is what most rows do not have.
type more struct {
	// sub is the sub-status, which may be "". subShown says that it is shown in place of
	// the status.
	sub      unique.Handle[string]
	subShown bool
	tasks    tasks
	// listed is what UP42's API adds to the row. It is nil if it did not list it.
	listed *listed
	// unread says that only the number of the row is known.
	unread bool
}

// tasks counts the tasks of a job.
type tasks struct{ final, failed, all int }

// listed is what UP42's API adds to a row.
type listed struct {
	// position is the row's position in the order of the last change, as a sequence
	// number.
	position int64
	// overrules says that the row's status is from the API.
	overrules bool
}

// RowOf makes a Row.
func RowOf(r *receiver.Row) *Row {
	return &Row{
		id: ID(r.Key), Seq: r.Seq,
		name: cells.Word(r.Name, maxName), typ: cells.Word(r.Type, maxWord), host: cells.Word(r.Host, maxWord),
		status: cells.Word(string(r.Status), maxWord), journey: unique.Make(r.ShortJourney),
		first: micros(r.FirstSeen), changed: micros(r.LastChange),
		events: int32(min(r.Events, 1<<31-1)), class: r.Class(), trust: r.Trust,
		final: r.Final, live: !r.Test, more: moreOf(r),
	}
}

func moreOf(r *receiver.Row) *more {
	if r.SubStatus == "" && len(r.Tasks) == 0 {
		return nil
	}
	m := &more{tasks: tasks{all: len(r.Tasks)}}
	m.setSub(r.Kind, r.Status, r.SubStatus, r.Final)
	for i := range r.Tasks {
		if r.Tasks[i].Final {
			m.tasks.final++
		}
		if r.Tasks[i].Class(r.Kind) == receiver.Failed {
			m.tasks.failed++
		}
	}
	return m
}

func (m *more) setSub(k receiver.Kind, status, sub receiver.Status, final bool) {
	m.sub = cells.Word(string(sub), maxWord)
	m.subShown = sub != "" && k.Shown(status, sub, final) == sub
}

// unread makes the Row of an older row of which only the number is known.
func unread(k receiver.Kind, number int64) *Row {
	r := RowOf(&receiver.Row{Key: receiver.Key{Kind: k}, Seq: number})
	r.more = &more{sub: cells.Word("", maxWord), unread: true}
	return r
}

// unread reports whether only the number of the row is known.
func (r *Row) unread() bool { return r.more != nil && r.more.unread }

// ID returns the id of the order or the job.
func (r *Row) ID() string {
	if r.live {
		return r.id
	}
	return r.id[:len(r.id)-len(testMark)]
}

// TableID returns the id of the row in the table; see [ID].
func (r *Row) TableID() string { return r.id }

// Test reports whether the row is made of test events.
func (r *Row) Test() bool { return !r.live }

// Waits reports whether UP42 waits for an answer of the row's owner.
func (r *Row) Waits() bool { return r.live && r.class == receiver.NeedsYou }

// position returns the row's position in the order of the last change.
func (r *Row) position() int64 {
	if r.more != nil && r.more.listed != nil {
		return r.more.listed.position
	}
	return r.Seq
}

// fromAPI reports whether the row's status is from UP42's API.
func (r *Row) fromAPI() bool {
	return r.more != nil && r.more.listed != nil && r.more.listed.overrules
}

// Outdates reports whether a listing has another status than the row, and an older
// one.
func (r *Row) Outdates(l *detail.Listing) bool {
	s := r.state("")
	return !r.fromAPI() && !l.Status.Is(s.Status) && !l.Overrules(s)
}

// state returns the status, for a row of kind k.
func (r *Row) state(k receiver.Kind) detail.State {
	return detail.State{
		Kind: k, Status: receiver.Status(r.status.Value()), SubStatus: receiver.Status(r.SubStatus()), Final: r.final, Since: timeOf(r.changed),
	}
}

// Final reports whether the status is final.
func (r *Row) Final() bool { return r.final }

// Status returns the status, which is clean. It is "" if only events of tasks came.
func (r *Row) Status() string { return r.status.Value() }

// SubStatus returns what refines the status, which is clean, or "".
func (r *Row) SubStatus() string {
	if r.more == nil {
		return ""
	}
	return r.more.sub.Value()
}

// shown returns the status, or the sub-status if that says more.
func (r *Row) shown() string {
	if r.more != nil && r.more.subShown {
		return r.more.sub.Value()
	}
	return r.status.Value()
}

// Class returns the class of the status.
func (r *Row) Class() receiver.Class { return r.class }

// Name, Type and Host return what is known about the order or the job, clean, or "".
func (r *Row) Name() string { return r.name.Value() }
func (r *Row) Type() string { return r.typ.Value() }
func (r *Row) Host() string { return r.host.Value() }

// Shown returns the status, or the sub-status if that says more, clean.
func (r *Row) Shown() string { return r.shown() }

// Changed returns when the status began. It is zero if that is not known.
func (r *Row) Changed() time.Time { return timeOf(r.changed) }

// Todo says in whole sentences what the owner of a row of kind k can do. It may be "".
func (r *Row) Todo(k receiver.Kind) string {
	_, todo := k.Explain(receiver.Status(r.Status()), receiver.Status(r.SubStatus()), r.final)
	return todo
}

// micros converts a time to microseconds of Unix time; 0: not known.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// timeOf is the inverse of micros.
func timeOf(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros)
}
