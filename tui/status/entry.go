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
	r.extend()
	r.more.listed = &listed{position: r.Seq}
	switch s := e.row.state(k); {
	case l.Overrules(s):
		r.more.listed.overrules, r.more.listed.position = true, max(r.Seq, e.position)
		r.setStatus(k, l)
		r.journey = unique.Make(r.journey.Value() + journeyOf(k, l))
	case l.Refines(s):
		r.more.setSub(k, s.Status, l.SubStatus, r.final)
		r.class = k.Class(s.Status, l.SubStatus, r.final)
	}
	return &r
}

// overrules reports whether the API has another status than the deliveries, and a
// newer one.
func (e *entry) overrules(k receiver.Kind) bool { return e.listing.Overrules(e.row.state(k)) }

// onlyListed makes a row that no delivery is about.
func (e *entry) onlyListed(k receiver.Kind) *Row {
	l := &e.listing
	r := &Row{
		id: l.ID, name: cells.Word(l.Name, maxName), typ: cells.Word(l.Type, maxWord), host: cells.Word("", 0), journey: unique.Make(journeyOf(k, l)),
		first: micros(l.Created), trust: receiver.FullTrust, live: true,
	}
	if r.first == 0 {
		r.first = micros(l.Updated)
	}
	r.extend()
	r.more.listed = &listed{position: e.position, overrules: true}
	r.setStatus(k, l)
	return r
}

// extend gives the row a copy of more, which can be changed.
func (r *Row) extend() {
	m := more{sub: cells.Word("", 0)}
	if r.more != nil {
		m = *r.more
	}
	r.more = &m
}

// setStatus takes the status from a listing. A final status has no sub-status.
func (r *Row) setStatus(k receiver.Kind, l *detail.Listing) {
	sub := l.SubStatus
	if r.final = l.Status.Class(k).Final(); r.final {
		sub = ""
	}
	r.status, r.class, r.changed = cells.Word(string(l.Status), maxWord), k.Class(l.Status, sub, r.final), micros(l.Since())
	r.more.setSub(k, l.Status, sub, r.final)
}

// journeyOf returns the journey of a listing, which has one step: to its status.
func journeyOf(k receiver.Kind, l *detail.Listing) receiver.ShortJourney {
	r := receiver.Row{Key: receiver.Key{Kind: k, ID: l.ID}}
	r.Apply(&receiver.Event{Verdict: receiver.Verified, Message: receiver.Message{
		Status: l.Status, SubStatus: l.SubStatus, Final: l.Status.Class(k).Final(),
	}})
	return r.ShortJourney
}

// orWord returns have, or if it is empty, the word s.
func orWord(have unique.Handle[string], s string, max int) unique.Handle[string] {
	if have.Value() != "" {
		return have
	}
	return cells.Word(s, max)
}
