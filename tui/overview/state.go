package overview

import (
	"strconv"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
)

// state is the panel with the receiver, the tunnel and the targets.
type state struct{ page *Page }

// names is the width of the column of names.
const names = 16

func (p *state) title(s *sheet) (left, right line) { return heading(s.theme, "Receiver"), nil }

func (p *state) heights(w int) (least, want int) {
	items := []item{}
	s := sheet{theme: p.page.o.Theme, items: &items}
	p.draw(&s, w, 30)
	return min(3, len(s.lines)), len(s.lines)
}

func (p *state) draw(s *sheet, w, h int) {
	for _, l := range p.lines(s, w) {
		if len(s.lines) < h {
			s.add(l.fit(w)...)
		}
	}
}

func (p *state) lines(s *sheet, w int) []line {
	out := p.last(s, w)
	out = append(out, p.receives(s, w))
	if l := p.reached(s); l != nil {
		out = append(out, l)
	}
	if l := p.team(s, w); l != nil {
		out = append(out, l)
	}
	for _, t := range p.page.o.Targets() {
		out = append(out, p.target(s, &t, w))
	}
	return append(out, p.members(s, w)...)
}

// last says when the last delivery came, and what is usual.
func (p *state) last(s *sheet, w int) []line {
	c := &p.page.came
	now := p.page.o.Now()
	name := span{style: s.theme.Dim, text: text.Fit("last delivery", names)}
	goal := Goal{List: Events, Name: "accepted", Filter: "-" + string(filter.Verdict) + ":" + string(receiver.Rejected)}
	if !c.counted {
		return []line{{{text: " "}, name, unread(s.theme, c.err)}}
	}
	words, style := "none was accepted yet", s.theme.Dim
	if !c.Waits.Last.IsZero() {
		words, style = elapsed.InSteps(elapsed.Long, now.Sub(c.Waits.Last))+" ago", s.theme.Plain
		if d, ok := c.Waits.Usual(); ok {
			words += "; usually every " + everyMinute(d)
		}
		if c.Waits.Unusual(now) {
			words, style = s.theme.Glyphs.Trouble+" "+words, s.theme.Trouble
		}
	}
	out := []line{s.open("last delivery", goal, name, span{style: style, text: words})}
	if c.rejected.After(c.Waits.Last) {
		goal := Goal{List: Events, Name: "rejected", Filter: string(filter.Verdict) + ":" + string(receiver.Rejected)}
		words := s.theme.Glyphs.Rejected + " rejected: " + elapsed.InSteps(elapsed.Long, now.Sub(c.rejected)) + " ago"
		out = append(out, s.open("last rejected", goal, span{style: s.theme.Dim, text: text.Fit("since then", names)}, span{style: s.theme.Failure, text: words}))
	}
	return out
}

// everyMinute is a wait between deliveries, which is known to the minute.
func everyMinute(d time.Duration) string {
	if d <= time.Minute {
		return "minute"
	}
	return elapsed.Long(d)
}

// receives says where deliveries are accepted.
func (p *state) receives(s *sheet, w int) line {
	r, g := p.page.o.Receiver, &s.theme.Glyphs
	address := text.Clean(r.Address+r.Path, max(10, w-names-4))
	value := span{style: s.theme.Success, text: g.Live + " " + address}
	switch {
	case r.Stopped != nil:
		value = span{style: s.theme.Error, text: g.Failed + " stopped"}
	case r.StoreError != nil:
		value = span{style: s.theme.Error, text: g.Failed + " can't store"}
	case r.Viewer:
		value = span{style: s.theme.Mark, text: g.Quiet + " viewer of " + address}
	}
	return line{{text: " "}, {style: s.theme.Dim, text: text.Fit("receives at", names)}, value}
}

// reached says how the internet reaches the receiver. Nil: nothing is known about that. The
// webhooks say whether they lead here.
func (p *state) reached(s *sheet) line {
	r := p.page.o.Receiver
	name := span{style: s.theme.Dim, text: text.Fit("public URL", names)}
	value := span{style: s.theme.Plain, text: text.Clean(r.PublicURL(), 80)}
	switch {
	case r.TunnelError() != "" && r.PublicURL() == "":
		value = span{style: s.theme.Mark, text: s.theme.Glyphs.Failed + " no tunnel: it is tried again"}
	case r.TunnelError() != "":
		value.style = s.theme.Mark
	case r.PublicURL() == "":
		return nil
	}
	return s.open("public url", Goal{List: Webhooks, Name: "public URL"}, name, value)
}

// team says how the team's stream is. Nil without a team.
func (p *state) team(s *sheet, w int) line {
	t := p.page.o.Receiver.Team()
	words, style := number.Format(t.Published)+" published, "+number.Format(t.Read)+" from others", s.theme.Plain
	switch {
	case t.Stream == "":
		return nil
	case t.Err != "":
		words, style = s.theme.Glyphs.Failed+" "+t.Err, s.theme.Mark
	}
	if t.Behind > 0 {
		words = number.Format(t.Behind) + " waiting, " + words
	}
	if t.Unread > 0 {
		words = number.Format(t.Unread) + " to read, " + words
	}
	return line{{text: " "}, {style: s.theme.Dim, text: text.Fit("team's stream", names)}, {style: style, text: text.Clean(words, max(10, w-names-2))}}
}

// mostMembers is how many members of a team have a line.
const mostMembers = 6

// members says who is in the team.
func (p *state) members(s *sheet, w int) (out []line) {
	members := p.page.o.Receiver.Team().Members
	for i := range members {
		name := ""
		if i == 0 {
			name = "members"
		}
		words := describe(&members[i])
		if i == mostMembers-1 && len(members) > mostMembers {
			words = number.Format(int64(len(members)-i)) + " more"
		}
		out = append(out, line{{text: " "}, {style: s.theme.Dim, text: text.Fit(name, names)}, {style: s.theme.Plain, text: text.Clean(words, max(10, w-names-2))}})
		if len(out) == mostMembers {
			break
		}
	}
	return out
}

// describe says what a member of a team does, and how far it is.
func describe(m *frame.Member) string {
	words := text.Clean(m.Name, 30) + " (" + text.Clean(m.Role, 10)
	if m.Self {
		words += ", this one"
	}
	words += ")"
	if m.Forwards > 0 {
		words += ", forwards"
	}
	if m.Unread > 0 {
		words += ", " + number.Format(m.Unread) + " to read"
	}
	if m.Behind > 0 {
		words += ", " + number.Format(m.Behind) + " waiting"
	}
	return words
}

// target says how a target is, and opens what it did not take.
func (p *state) target(s *sheet, t *forwarding.Target, w int) line {
	now, g := p.page.o.Now(), &s.theme.Glyphs
	style, words := s.theme.Plain, number.Format(t.Sent)+" sent"
	switch {
	case !t.Failing.IsZero():
		style, words = s.theme.Mark, g.Failed+" failing for "+elapsed.InSteps(elapsed.Short, now.Sub(t.Failing))
	case t.Elsewhere:
		style, words = s.theme.Dim, t.Who()
	}
	if t.Lag > 0 {
		words += ", " + number.Format(t.Lag) + " behind"
	}
	if t.GivenUp > 0 {
		words += ", " + number.Format(t.GivenUp) + " given up"
	}
	name := text.Clean(t.Name, max(10, w-names-text.Width(words)-5))
	goal := Goal{List: Undelivered, Name: "target", Filter: strconv.Quote(t.Name)}
	return s.open("target "+t.Name, goal, span{style: s.theme.Dim, text: text.Fit("forwards to", names)},
		span{style: s.theme.Plain, text: name}, span{style: style, text: "  " + words})
}
