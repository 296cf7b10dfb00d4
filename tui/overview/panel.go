package overview

import (
	"strings"

	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// panel is a box with a title.
type panel interface {
	// title draws the title. In w cells.
	title(s *sheet) (left, right line)
	// heights are the least number of lines that make sense within a box of w cells, and the
	// number that would show everything.
	heights(w int) (least, want int)
	// draw adds at most h lines of at most w cells.
	draw(s *sheet, w, h int)
}

// border is how many lines or columns the border of a box takes.
const border = 2

// box draws a panel with its border in w×h cells.
func box(p panel, s *sheet, w, h int) []line {
	p.draw(s, w-border, h-border) // the items of the title come last: the first one is what matters
	top := topBorder(p, s, w)
	g := &s.theme.Glyphs
	edge := span{style: s.theme.Rule, text: g.Divider, frame: s.panel}
	out := make([]line, 0, h)
	out = append(out, top)
	for i := range h - border {
		var l line
		if i < len(s.lines) {
			l = s.lines[i]
		}
		l = l.fit(w - border)
		full := make(line, 0, len(l)+border)
		out = append(out, append(append(append(full, edge), l...), edge))
	}
	bottom := g.Corners[2] + strings.Repeat(g.Rule, max(0, w-border)) + g.Corners[3]
	return append(out, line{{style: s.theme.Rule, text: bottom, frame: s.panel}})
}

// topBorder draws the upper border with the title. What is at the right goes first if there is
// too little room.
func topBorder(p panel, s *sheet, w int) line {
	g, items := &s.theme.Glyphs, len(*s.items)
	left, right := p.title(s)
	rule := func(n int) span {
		return span{style: s.theme.Rule, text: strings.Repeat(g.Rule, max(0, n)), frame: s.panel}
	}
	room := w - border - 1 - 2 // a piece of the rule, and spaces around the title
	if left.width()+right.width()+1 > room {
		right, *s.items = nil, (*s.items)[:items]
	}
	for i := range left {
		left[i].text = text.Cut(left[i].text, room)
	}
	out := line{{style: s.theme.Rule, text: g.Corners[0], frame: s.panel}, {text: " "}}
	out = append(append(out, left...), span{text: " "})
	gap := w - border - 2 - left.width()
	if len(right) > 0 {
		gap -= right.width() + 2
		out = append(append(append(out, rule(gap)), right...), span{text: " "}, rule(1))
	} else {
		out = append(out, rule(gap))
	}
	return append(out, span{style: s.theme.Rule, text: g.Corners[1], frame: s.panel})
}

// heading is a title in words.
func heading(th *theme.Theme, words string) line { return line{{style: th.Title, text: words}} }

// moreLines says how many lines there are more.
func moreLines(n int) string { return number.Of(int64(n), "more line", "more lines") }
