package status

import (
	"unique"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/cells"
	"github.com/up42/up42-webhooks/tui/detail"
)

// entry is what the page knows about a row that UP42 lists.
type entry struct {
	listing detail.Listing
	// position is the row's position in the order of the last change, if the
	// listing overrules the deliveries.
	position int64
	row      *Row // from deliveries; nil if none has come
}

// merge makes the row of the entry. What the deliveries do not say is from the API.
// The status is from the API only if it is newer.
func (e *entry) merge(k receiver.Kind) *Row {
	l := &e.listing
	if e.row == nil {
		return e.onlyListed(k)
	}
	r := *e.row
	r.name, r.typ = orWord(r.name, l.Name, maxName), orWord(r.typ, l.Type, maxWord)
	r.listed = &listed{position: r.Seq}
	if e.overrules() {
		r.listed.overrules, r.listed.position = true, max(r.Seq, e.position)
		r.setStatus(k, l)
		r.journey = unique.Make(r.journey.Value() + journeyOf(k, l))
	}
	r.setSubStatus(l)
	return &r
}

// overrules reports whether the API has another status than the deliveries, and a
// newer one.
func (e *entry) overrules() bool {
	return e.listing.Overrules(receiver.Status(e.row.status.Value()), timeOf(e.row.changed))
}

// onlyListed makes a row that no delivery is about.
func (e *entry) onlyListed(k receiver.Kind) *Row {
	l := &e.listing
	r := &Row{
		ID: l.ID, name: cells.Word(l.Name, maxName), typ: cells.Word(l.Type, maxWord), host: cells.Word("", 0), journey: unique.Make(journeyOf(k, l)),
		first: micros(l.Created), trust: receiver.FullTrust, live: true,
		listed: &listed{position: e.position, overrules: true},
	}
	if r.first == 0 {
		r.first = micros(l.Updated)
	}
	r.setStatus(k, l)
	r.setSubStatus(l)
	return r
}

func (r *Row) setStatus(k receiver.Kind, l *detail.Listing) {
	r.status, r.class = cells.Word(string(l.Status), maxWord), l.Status.Class(k)
	r.final, r.changed = r.class.Final(), micros(l.Since())
}

// setSubStatus sets the sub-status if it belongs to the row's status, and that is
// not final.
func (r *Row) setSubStatus(l *detail.Listing) {
	r.listed.sub = cells.Word("", 0)
	if !r.final && l.Status.Is(receiver.Status(r.status.Value())) {
		r.listed.sub = cells.Word(l.SubStatus, maxWord)
	}
}

// journeyOf returns the journey of a listing, which has one step: to its status.
func journeyOf(k receiver.Kind, l *detail.Listing) receiver.ShortJourney {
	r := receiver.Row{Key: receiver.Key{Kind: k, ID: l.ID}}
	r.Apply(&receiver.Event{Verdict: receiver.Verified, Message: receiver.Message{Status: l.Status}})
	return r.ShortJourney
}

// orWord returns have, or if it is empty, the word s.
func orWord(have unique.Handle[string], s string, max int) unique.Handle[string] {
	if have.Value() != "" {
		return have
	}
	return cells.Word(s, max)
}
