package detail

import (
	"strconv"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/text"
)

// row tells where an order or job stands and how it came there; l is what
// UP42's API says of it, or nil.
func (w *writer) row(r *receiver.Row, l *Listing) {
	w.sections = append(w.sections, len(w.lines))
	class := r.Class()
	w.heading(r.Kind, r.ID)
	state := w.theme.Glyphs.Class(class) + " " + text.Clean(string(r.Status), 0)
	w.styled("Status", w.theme.Class(class), state)
	if r.Final {
		w.pair("Final", "yes: "+class.String())
	} else {
		w.pair("Final", "no: "+class.String())
	}
	later := l
	if l == nil || !l.Overrules(r.Status, r.LastChange) {
		later = nil
	} else {
		w.styled("API says", w.theme.Mark, w.listed(r.Kind, l)+", which is newer")
	}
	w.trust(r)
	w.optional("Name", either(r.Name, l.name()))
	w.optional("Type", either(r.Type, l.typ()))
	w.optional("Host", r.Host)
	if !r.Live {
		w.styled("Live", w.theme.Mark, "no: only test events were seen")
	}
	w.pair("First seen", w.ago(r.FirstSeen))
	w.pair("In state", elapsed.Long(w.now.Sub(r.LastChange))+", since "+w.moment(r.LastChange))
	w.pair("Events", strconv.FormatInt(r.Events, 10))
	w.journey(r, later)
	if l != nil {
		title := "From UP42's API"
		if l.outdated(r.Status, r.LastChange) {
			title += ", older than the events"
		}
		w.section(title)
		w.fields(r.Kind, l)
	}
}

func (w *writer) heading(k receiver.Kind, id string) {
	kind := " " + k.Title() + " "
	w.wrapped(line{{w.theme.Title, kind}, {w.theme.Bold, text.Clean(id, 0)}}, len(kind))
	w.gap()
}

func (w *writer) optional(name, value string) {
	if value != "" {
		w.pair(name, text.Clean(value, 0))
	}
}

func (w *writer) ago(t time.Time) string {
	return w.moment(t) + ", " + elapsed.Long(w.now.Sub(t)) + " ago"
}

// trust says what the row's status is worth.
func (w *writer) trust(r *receiver.Row) {
	g := &w.theme.Glyphs
	switch r.Trust {
	case receiver.FullTrust:
		w.styled("Trust", w.theme.Success, g.Verified+" full: it rests on verified or trusted events")
	case receiver.PartialTrust:
		w.styled("Trust", w.theme.Mark, g.Partial+" partial: no signature vouches for the bodies that it rests on")
	default:
		w.styled("Trust", w.theme.Mark, g.Unsigned+" unsigned: anybody could have sent what it rests on")
	}
}

// journey lists each change of status: when, which, and how long it lasted. It
// ends with what UP42's API said later, if it did.
func (w *writer) journey(r *receiver.Row, later *Listing) {
	w.section("Journey")
	points := r.Journey()
	if later != nil {
		points = append(points, receiver.StatusUpdate{Status: later.Status, At: later.Since(), Trust: r.Trust})
	}
	widest := statusWidth(points)
	for i, p := range points {
		c := p.Class(r.Kind)
		l := line{
			{w.theme.Dim, indent + p.At.In(w.location).Format("2006-01-02 15:04:05") + "  "},
			{w.theme.Class(c), w.theme.Glyphs.Class(c) + " " + text.Fit(text.Clean(string(p.Status), 40), widest)},
		}
		switch {
		case later != nil && i == len(points)-1:
			l[0].text = APILink(&w.theme.Glyphs) + l[0].text[len(indent)-1:]
			l = append(l, span{w.theme.Mark, "  by UP42's API, no event yet"})
		case p.Trust < r.Trust:
			l[1].style = w.theme.Mark
			l = append(l, span{w.theme.Mark, "  " + w.theme.Glyphs.Verdict(receiver.Verdict(p.Trust.String())) + " " + p.Trust.String() + ": changed nothing"})
		default:
			l = append(l, span{w.theme.Dim, "  " + w.lasted(r, points[i+1:], p)})
		}
		w.wrapped(l, len(indent)+4)
	}
}

// statusWidth is the width of the longest status in a journey.
func statusWidth(points []receiver.StatusUpdate) int {
	widest := 0
	for _, p := range points {
		widest = max(widest, text.Width(text.Clean(string(p.Status), 40)))
	}
	return widest
}

// lasted says how long a change stood until the next one that counts.
func (w *writer) lasted(r *receiver.Row, later []receiver.StatusUpdate, p receiver.StatusUpdate) string {
	for _, next := range later {
		if next.Trust == r.Trust {
			return "for " + elapsed.Long(next.At.Sub(p.At))
		}
	}
	if r.Final {
		return "final"
	}
	return "for " + elapsed.Long(w.now.Sub(p.At)) + " so far"
}
