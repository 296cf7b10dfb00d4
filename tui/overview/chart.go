package overview

import (
	"strconv"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/overview/arrivals"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// chart is the panel with the deliveries of the last hour: those that were accepted above the
// axis, the rejected ones below it. So it says the same without colours.
type chart struct{ page *Page }

func (c *chart) title(s *sheet) (left, right line) {
	return heading(s.theme, "Deliveries of the last hour"), nil
}

func (c *chart) heights(int) (least, want int) {
	if columnCount(c.page.w) == 1 {
		return 7, 7
	}
	const usual, most, share = 16, 24, 3
	return 7, max(usual, min(most, c.page.h/share))
}

func (c *chart) draw(s *sheet, w, h int) {
	if !c.page.came.counted {
		s.add(span{text: " "}, unread(s.theme, c.page.came.err))
		return
	}
	c.legend(s, w)
	legend := len(s.lines)
	bars := barsOf(c.page.came.Hour.Series(), w-gutter)
	below := 0
	if bars.rejected() {
		below = 1
	}
	bars.draw(s, h-legend-1-below)
	s.add(bars.axis(s.theme)...)
	if below > 0 {
		s.add(bars.hanging(s.theme)...)
	}
}

// legend counts the verdicts, in as many lines as it needs. Each number opens its deliveries.
func (c *chart) legend(s *sheet, w int) {
	var l line
	total := c.page.came.Hour.Total()
	for _, v := range receiver.Verdicts() {
		n := total.Of(v)
		style := s.theme.Verdict(v)
		if n == 0 {
			if v != receiver.Verified && v != receiver.Rejected {
				continue
			}
			style = s.theme.Dim
		}
		goal := Goal{List: Events, Name: string(v) + ", last hour", Filter: string(filter.Verdict) + ":" + string(v) + " " + string(filter.Since) + ":1h"}
		words := s.theme.Glyphs.Verdict(v) + " " + number.Format(n) + " " + string(v) + " "
		if len(l) > 0 && l.width()+text.Width(words) > w {
			s.add(l.fit(w)...)
			l = nil
		}
		l = append(l, s.open("deliveries "+string(v), goal, span{style: style, text: words})...)
	}
	s.add(l.fit(w)...)
}

// bars are the bars of the chart.
type bars struct {
	// strong, weak and below are accepted with full trust, accepted with less, and rejected.
	strong, weak, below []int64
	// wide is how many cells a bar takes, most the largest number.
	wide int
	most int64
}

// barsOf makes bars that fit into room cells: of one minute, or of some if there is too little
// room.
func barsOf(all [arrivals.Minutes]arrivals.Verdicts, room int) *bars {
	per := 1
	for arrivals.Minutes/per > max(1, room) || arrivals.Minutes%per != 0 {
		per++
	}
	n := arrivals.Minutes / per
	b := &bars{strong: make([]int64, n), weak: make([]int64, n), below: make([]int64, n), wide: max(1, room/n)}
	for i := range all {
		v := &all[i]
		b.strong[i/per] += v.Of(receiver.Verified) + v.Of(receiver.Trusted)
		b.weak[i/per] += v.Of(receiver.Partial) + v.Of(receiver.Unsigned)
		b.below[i/per] += v.Of(receiver.Rejected)
	}
	for i := range n {
		b.most = max(b.most, b.strong[i]+b.weak[i])
	}
	return b
}

func (b *bars) rejected() bool {
	for _, n := range b.below {
		if n > 0 {
			return true
		}
	}
	return false
}

// draw draws what is above the axis in some rows.
func (b *bars) draw(s *sheet, rows int) {
	for row := rows - 1; row >= 0; row-- {
		words := ""
		if row == rows-1 && b.most > 0 {
			words = short(b.most)
		}
		s.add(append(line{{style: s.theme.Dim, text: text.FitRight(words, gutter-1) + " "}}, b.row(s.theme, row, rows)...)...)
	}
}

// row draws a row. Bars beside each other that look the same are one span.
func (b *bars) row(th *theme.Theme, row, rows int) (l line) {
	var last span
	var words strings.Builder
	end := func() {
		if last.text = words.String(); last.text != "" {
			l = append(l, last)
		}
		words.Reset()
	}
	for i := range b.strong {
		c := b.cell(th, i, row, rows)
		if c.style != last.style {
			end()
			last = span{style: c.style}
		}
		words.WriteString(c.text)
	}
	end()
	return l
}

// short writes a number in at most four cells.
func short(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10)
	case n < 1_000_000:
		return strconv.FormatInt(n/1000, 10) + "k"
	default:
		return strconv.FormatInt(n/1_000_000, 10) + "M"
	}
}

// cell is a cell of a bar. The weak part is at the bottom.
func (b *bars) cell(th *theme.Theme, i, row, rows int) span {
	g := &th.Glyphs
	steps := len(g.Spark) - 1
	level := func(n int64) int {
		if n == 0 || b.most == 0 {
			return 0
		}
		return max(1, int(n*int64(rows*steps)/b.most))
	}
	weak, all := level(b.weak[i]), level(b.strong[i]+b.weak[i])
	switch from := row * steps; {
	case from >= all:
		return span{text: text.Spaces(b.wide)}
	case from < weak:
		return span{style: th.Mark, text: strings.Repeat(g.Shade, b.wide)}
	default:
		return span{style: th.Success, text: strings.Repeat(g.Spark[min(steps, all-from)], b.wide)}
	}
}

// axis is the line below the bars.
func (b *bars) axis(th *theme.Theme) line {
	const from, middle, to = " 60 min ago ", " 30 ", " now"
	rule := func(n int) span {
		return span{style: th.Rule, text: strings.Repeat(th.Glyphs.Rule, max(0, n))}
	}
	w := len(b.strong) * b.wide
	half := w/2 - 1 - len(from) - len(middle)/2
	dim := func(words string) span { return span{style: th.Dim, text: words} }
	return line{dim(text.FitRight("0", gutter-1) + " "), rule(1), dim(from), rule(half), dim(middle), rule(w - 1 - half - len(from) - len(middle) - len(to)), dim(to)}
}

// hanging is the line below the axis: where deliveries were rejected.
func (b *bars) hanging(th *theme.Theme) line {
	l := line{{style: th.Dim, text: text.FitRight(th.Glyphs.Rejected, gutter-1) + " "}}
	for _, n := range b.below {
		if n == 0 {
			l = append(l, span{text: text.Spaces(b.wide)})
		} else {
			l = append(l, span{style: th.Failure, text: strings.Repeat(th.Glyphs.Hanging, b.wide)})
		}
	}
	return l
}
