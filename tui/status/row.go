package status

import (
	"time"
	"unique"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/cells"
	"github.com/up42/up42-webhooks/tui/detail"
)

// The largest widths of the texts that a row keeps. The details show all of a text.
const (
	maxWord = 40
	maxName = 80
)

// apiWord marks a status that is from UP42's API and not from a delivery.
const apiWord = "API"

// Row is what the table keeps of a receiver.Row. It has about 140 bytes, as the
// table may have a hundred thousand rows. A row never changes. Its texts are clean,
// except ID.
type Row struct {
	ID string
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
	listed                  *listed // nil if UP42's API did not list the row
}

// listed is what UP42's API adds to a row.
type listed struct {
	// position is the row's position in the order of the last change, as a sequence
	// number.
	position int64
	sub      unique.Handle[string]
	// overrules says that the row's status is from the API.
	overrules bool
}

// RowOf makes a Row.
func RowOf(r *receiver.Row) *Row {
	return &Row{
		ID: r.ID, Seq: r.Seq,
		name: cells.Word(r.Name, maxName), typ: cells.Word(r.Type, maxWord), host: cells.Word(r.Host, maxWord),
		status: cells.Word(string(r.Status), maxWord), journey: unique.Make(r.ShortJourney),
		first: micros(r.FirstSeen), changed: micros(r.LastChange),
		events: int32(min(r.Events, 1<<31-1)), class: r.Class(), trust: r.Trust,
		final: r.Final, live: !r.Test,
	}
}

// position returns the row's position in the order of the last change.
func (r *Row) position() int64 {
	if r.listed != nil {
		return r.listed.position
	}
	return r.Seq
}

// fromAPI reports whether the row's status is from UP42's API.
func (r *Row) fromAPI() bool { return r.listed != nil && r.listed.overrules }

// Outdates reports whether a listing has another status than the row, and an older
// one.
func (r *Row) Outdates(l *detail.Listing) bool {
	s := receiver.Status(r.status.Value())
	return !r.fromAPI() && !l.Status.Is(s) && !l.Overrules(s, timeOf(r.changed))
}

// Final reports whether the status is final.
func (r *Row) Final() bool { return r.final }

// Status returns the status, which is clean.
func (r *Row) Status() string { return r.status.Value() }

// SubStatus returns what refines the status, which is clean, or "".
func (r *Row) SubStatus() string {
	if r.listed == nil {
		return ""
	}
	return r.listed.sub.Value()
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
