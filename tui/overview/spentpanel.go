package overview

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/overview/durations"
	"github.com/up42/up42-webhooks/tui/table/columns"
	"github.com/up42/up42-webhooks/tui/text"
)

// spentPanel is the panel with the time per status by data host.
type spentPanel struct{ *spent }

// spentColumns are the columns of the panel.
var spentColumns = []columns.Column{
	{Min: 9, Usual: 16, Max: 24, Weight: 3},  // data host
	{Min: 13, Usual: 22, Max: 32, Weight: 3}, // status
	{Min: 5, Max: 6, Weight: 1},              // n
	{Min: 8},                                 // median
	{Min: 8},                                 // 90 %
}

func (p *spentPanel) title(s *sheet) (left, right line) {
	left = heading(s.theme, "Time per status by host")
	if p.table != nil && p.table.Limited {
		left = append(left, span{style: s.theme.Dim, text: " of the newest " + number.Format(durations.Orders) + " orders"})
	}
	return left, nil
}

func (p *spentPanel) heights(int) (least, want int) {
	if p.table == nil || len(p.table.Lines) == 0 {
		return 1, 1
	}
	n := len(p.table.Lines)
	return 1 + min(2, n), 1 + n
}

func (p *spentPanel) draw(s *sheet, w, h int) {
	switch {
	case p.table == nil:
		s.add(span{text: " "}, unread(s.theme, p.err))
		return
	case len(p.table.Lines) == 0:
		s.say(s.theme.Dim, "No order with a data host has left a status yet.")
		return
	}
	widths := columns.Grow(spentColumns, w-border)
	dim := s.theme.Dim
	head := inColumns(widths, []span{{style: dim, text: "data host"}, {style: dim, text: "status"}, {style: dim, text: "n"}, {style: dim, text: "median"}, {style: dim, text: "p90"}})
	s.add(append(line{{text: " "}}, head...)...)
	shown := len(p.table.Lines)
	if shown > h-1 {
		shown = h - 2 // the last line says how many more there are
	}
	for i := range p.table.Lines[:shown] {
		s.add(p.line(s, &p.table.Lines[i], widths).fit(w)...)
	}
	if more := len(p.table.Lines) - shown; more > 0 {
		s.say(dim, "  "+moreLines(more)+" in a taller terminal")
	}
}

// line is a line of a status. It opens the orders of its host.
func (p *spentPanel) line(s *sheet, of *durations.Line, widths []int) line {
	plain, class := s.theme.Plain, receiver.Order.Class(of.Status, "", false)
	goal := Goal{List: Orders, Name: text.Clean(of.Host, 32), Filter: filter.OfHost(of.Host).String() + liveOnly}
	return s.open("spent "+of.Host+" "+string(of.Status), goal, inColumns(widths, []span{
		{style: plain, text: text.Clean(of.Host, widths[0])},
		{style: s.theme.Class(class), text: s.theme.Glyphs.Status(class, string(of.Status), widths[1])},
		{style: s.theme.Dim, text: number.Format(int64(of.N))},
		{style: plain, text: elapsed.Long(of.Median)},
		{style: plain, text: elapsed.Long(of.P90)},
	})...)
}

// inColumns places two texts and then numbers, which are at the right of their columns.
func inColumns(widths []int, cells []span) (out line) {
	const texts = 2
	for i, c := range cells {
		if i >= texts {
			c.text = text.FitRight(c.text, widths[i])
		} else {
			c.text = text.Fit(c.text, widths[i])
		}
		if i > 0 {
			c.text = text.Spaces(columns.Gap) + c.text
		}
		out = append(out, c)
	}
	return out
}
