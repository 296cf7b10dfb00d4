package detail

import (
	"strconv"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

// row describes the status of an order or a job and its journey. l is what UP42's
// API says about it, or nil.
func (d *description) row(r *receiver.Row, l *Listing) {
	class := r.Class()
	d.heading(r.Kind, r.ID)
	d.Styled("Status", d.Theme.Class(class), d.statusWords(class, r.Status))
	d.Pair("Final", map[bool]string{true: "yes: ", false: "no: "}[r.Final]+class.String())
	newer := l
	if l == nil || !l.Overrules(r.Status, r.LastChange) {
		newer = nil
	} else {
		d.Styled("API says", d.Theme.Mark, d.statusWords(l.Status.Class(r.Kind), l.Status)+", which is newer")
	}
	d.trust(r)
	d.Optional("Name", firstOf(r.Name, l.name()))
	d.Optional("Type", firstOf(r.Type, l.typ()))
	d.Optional("Host", r.Host)
	if r.Test {
		d.Styled("Live", d.Theme.Mark, "no: a row of test events")
	}
	d.Pair("First seen", d.ago(r.FirstSeen))
	d.Pair("In state", elapsed.Long(d.now.Sub(r.LastChange))+", since "+d.moment(r.LastChange))
	d.Pair("Events", strconv.FormatInt(r.Events, 10))
	d.journey(r, newer)
	if l != nil {
		title := "From UP42's API"
		if l.outdated(r.Status, r.LastChange) {
			title += ", older than the events"
		}
		d.Section(title)
		d.listing(r.Kind, l)
	}
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

// maxStatus is the largest width of a status in a journey.
const maxStatus = 40

// journey lists the changes of status: when, to which, and how long it lasted. If
// newer is not nil, the last line is the newer status from UP42's API.
func (d *description) journey(r *receiver.Row, newer *Listing) {
	d.Section("Journey")
	updates := r.Journey()
	widest := 0
	if newer != nil {
		widest = text.Width(text.Clean(string(newer.Status), maxStatus))
	}
	for _, u := range updates {
		widest = max(widest, text.Width(text.Clean(string(u.Status), maxStatus)))
	}
	for i, u := range updates {
		style, note := d.Theme.Dim, d.lasted(r, updates[i+1:], u, newer)
		statusStyle := d.Theme.Class(u.Class(r.Kind))
		if u.Trust < r.Trust {
			style, statusStyle = d.Theme.Mark, d.Theme.Mark
			note = d.Theme.Glyphs.Verdict(receiver.Verdict(u.Trust.String())) + " " + u.Trust.String() + ": changed nothing"
		}
		d.step(textblock.Indent, &u, u.Class(r.Kind), widest, statusStyle, textblock.Span{Style: style, Text: note})
	}
	if newer != nil {
		u := receiver.StatusUpdate{Status: newer.Status, At: newer.Since()}
		c := u.Class(r.Kind)
		before := APILink(&d.Theme.Glyphs) + " "
		d.step(before, &u, c, widest, d.Theme.Class(c), textblock.Span{Style: d.Theme.Mark, Text: "by UP42's API, no event yet"})
	}
}

// step adds one line of a journey.
func (d *description) step(before string, u *receiver.StatusUpdate, c receiver.Class, width int, style theme.Style, note textblock.Span) {
	note.Text = "  " + note.Text
	d.Wrapped(textblock.Line{
		{Style: d.Theme.Dim, Text: before + u.At.In(d.now.Location()).Format("2006-01-02 15:04:05") + "  "},
		{Style: style, Text: d.Theme.Glyphs.Class(c) + " " + text.Fit(text.Clean(string(u.Status), maxStatus), width)},
		note,
	}, len(textblock.Indent)+4)
}

// lasted says how long a status lasted: until the next update that counts, which
// may be the newer status from UP42's API.
func (d *description) lasted(r *receiver.Row, later []receiver.StatusUpdate, u receiver.StatusUpdate, newer *Listing) string {
	for _, next := range later {
		if next.Trust == r.Trust {
			return "for " + elapsed.Long(next.At.Sub(u.At))
		}
	}
	switch {
	case newer != nil:
		return "for " + elapsed.Long(newer.Since().Sub(u.At))
	case r.Final:
		return "final"
	default:
		return "for " + elapsed.Long(d.now.Sub(u.At)) + " so far"
	}
}
