package detail

import (
	"strconv"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/elapsed"
)

// row describes the status of an order or a job and its journey. l is what UP42's
// API says about it, or nil.
func (d *description) row(r *receiver.Row, l *Listing) {
	d.heading(r.Key)
	newer := d.status(r, l)
	d.trust(r)
	d.Optional("Name", firstOf(r.Name, l.name()))
	d.Optional("Type", firstOf(r.Type, l.typ()))
	d.Optional("Host", r.Host)
	if r.Test {
		d.Styled("Live", d.Theme.Mark, "no: made of test events only")
	}
	d.Pair("First seen", d.ago(r.FirstSeen))
	if r.Status != "" {
		d.Pair("In state", elapsed.Long(d.now.Sub(r.LastChange))+", since "+d.moment(r.LastChange))
	}
	d.Pair("Events", strconv.FormatInt(r.Events, 10))
	d.tasks(r)
	d.journey(r, newer)
	if l != nil {
		title := "From UP42's API"
		if l.outdated(stateOf(r)) {
			title += ", older than the events"
		}
		d.Section(title)
		d.listing(r.Kind, l)
	}
}

// status says what the status is, what it means and what the user can do. newer is l if
// that has a newer status.
func (d *description) status(r *receiver.Row, l *Listing) (newer *Listing) {
	s := stateOf(r)
	if l != nil && l.Refines(s) {
		s.SubStatus = l.SubStatus
	}
	class := r.Kind.Class(s.Status, s.SubStatus, s.Final)
	d.Styled("Status", d.Theme.Class(class), d.statusWords(class, s.Status, s.SubStatus))
	d.Pair("Final", map[bool]string{true: "yes: ", false: "no: "}[r.Final]+class.String())
	if l != nil && l.Overrules(stateOf(r)) {
		newer = l
		d.Styled("API says", d.Theme.Mark, d.statusWords(l.Class(r.Kind), l.Status, l.SubStatus)+", which is newer")
		d.meaning(r.Kind, l.Status, l.SubStatus, l.Status.Class(r.Kind).Final())
	} else {
		d.meaning(r.Kind, s.Status, s.SubStatus, s.Final)
	}
	return newer
}

// trust says how far the row's status can be trusted.
func (d *description) trust(r *receiver.Row) {
	g := &d.Theme.Glyphs
	switch r.Trust {
	case receiver.FullTrust:
		d.Styled("Trust", d.Theme.Success, g.Verified+" full: it is based on verified or trusted events")
	case receiver.PartialTrust:
		d.Styled("Trust", d.Theme.Mark, g.Partial+" partial: no signature proves the bodies, or the age, of the events that it is based on")
	default:
		d.Styled("Trust", d.Theme.Mark, g.Unsigned+" unsigned: anybody could have sent the events that it is based on")
	}
}
