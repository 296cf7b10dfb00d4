package detail

import (
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

// maxStatus is the largest width of a status in a list.
const maxStatus = 40

// step is one line of a journey.
type step struct {
	*receiver.StatusUpdate
	class receiver.Class
	// shown is the status, or the sub-status if that says more. beside is a new
	// sub-status that is not shown. Both are clean.
	shown, beside string
	before        string // what the line starts with
	style         theme.Style
	note          textblock.Span
}

// journey lists the changes of status: when, to which, and how long it lasted. If
// newer is not nil, the last line is the newer status from UP42's API.
func (d *description) journey(r *receiver.Row, newer *Listing) {
	d.Section("Journey")
	updates := r.Journey()
	if len(updates) == 0 && newer == nil {
		d.Note(d.Theme.Dim, "only events about its tasks have come")
		return
	}
	var steps []step
	sub := receiver.Status("")
	for i := range updates {
		u := &updates[i]
		s := newStep(r.Kind, u, sub)
		s.style, s.note = d.Theme.Class(s.class), textblock.Span{Style: d.Theme.Dim, Text: d.lasted(r, updates[i+1:], *u, newer)}
		if u.Trust < r.Trust {
			s.style, s.note.Style = d.Theme.Mark, d.Theme.Mark
			s.note.Text = d.Theme.Glyphs.Verdict(receiver.Verdict(u.Trust.String())) + " " + u.Trust.String() + ": changed nothing"
		} else {
			sub = u.SubStatus
		}
		steps = append(steps, s)
	}
	if newer != nil {
		u := &receiver.StatusUpdate{Status: newer.Status, SubStatus: newer.SubStatus, At: newer.Since()}
		s := newStep(r.Kind, u, sub)
		s.before, s.style = strings.Repeat(d.Theme.Glyphs.APILink, 2)+" ", d.Theme.Class(s.class)
		s.note = textblock.Span{Style: d.Theme.Mark, Text: "by UP42's API, no event yet"}
		steps = append(steps, s)
	}
	d.steps(steps)
}

// newStep makes a step of an update. before is the sub-status of the step before.
func newStep(k receiver.Kind, u *receiver.StatusUpdate, before receiver.Status) step {
	shown := k.Shown(u.Status, u.SubStatus, u.Final)
	s := step{StatusUpdate: u, class: u.Class(k), shown: text.Clean(string(shown), maxStatus), before: textblock.Indent}
	if !u.SubStatus.Is(before) && !u.SubStatus.Is(shown) {
		s.beside = text.Clean(string(u.SubStatus), maxStatus)
	}
	return s
}

func (d *description) steps(all []step) {
	widest := 0
	for i := range all {
		widest = max(widest, text.Width(all[i].shown))
	}
	for i := range all {
		s := &all[i]
		words := d.Theme.Glyphs.Class(s.class) + " " + text.Fit(s.shown, widest)
		if s.beside != "" {
			words += "  " + s.beside
		}
		s.note.Text = "  " + s.note.Text
		d.Wrapped(textblock.Line{
			{Style: d.Theme.Dim, Text: s.before + d.second(s.At) + "  "}, {Style: s.style, Text: words}, s.note,
		}, len(textblock.Indent)+4)
	}
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
