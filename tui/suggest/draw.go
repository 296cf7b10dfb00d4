package suggest

import (
	"strconv"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// usualLines is how many proposals are visible at a time. On a tall screen it is a third of its
// lines.
const usualLines = 8

// Lines draws the menu in at most room lines: a rule that says what is proposed, and the
// proposals. It draws nothing if there is too little room.
func (m *Menu) Lines(c *frame.Canvas, room int) []string {
	n := min(max(usualLines, c.H/3), len(m.all), room-1)
	if !m.open || n < 1 {
		return nil
	}
	m.top = min(max(m.top, m.chosen-n+1), max(0, m.chosen), len(m.all)-n)
	lines := []string{m.rule(c)}
	for i := m.top; i < m.top+n; i++ {
		lines = append(lines, m.line(c, &m.all[i], i == m.chosen))
	}
	return lines
}

// rule says what is proposed, and how far the count is.
func (m *Menu) rule(c *frame.Canvas) string {
	th, title := m.o.Theme, " filter by "
	var labels []frame.Label
	if k := m.place.Key; k != filter.Text {
		title = " " + string(k) + ": "
		if short, _ := k.Help(); short != "" {
			title += short + " "
		}
		labels = m.countLabels()
	}
	where := strconv.Itoa(len(m.all))
	if m.chosen >= 0 {
		where = strconv.Itoa(m.chosen+1) + "/" + where
	}
	labels = append(labels, frame.Label{Text: where, Style: th.Plain})
	return c.Rule(2) + th.Accent.Apply(title) + c.Labels(labels, c.W-2-text.Width(title))
}

func (m *Menu) countLabels() (labels []frame.Label) {
	count, th := m.count, m.o.Theme
	if count == nil {
		return nil
	}
	if count.tally.cut[m.place.Key] {
		labels = append(labels, frame.Label{Text: "more than " + number.Format(mostValues) + " values", Style: th.Dim})
	}
	switch {
	case count.err != nil:
		labels = append(labels, frame.Label{Text: text.Clean("not counted: "+count.err.Error(), 60), Style: th.Error})
	case !count.done && count.all > 0:
		words := "counted " + number.Format(int64(count.counted)) + " of " + number.Format(int64(count.all)) + th.Glyphs.Ellipsis
		labels = append(labels, frame.Label{Text: words, Style: th.Accent})
	case !count.done:
		labels = append(labels, frame.Label{Text: "counting" + th.Glyphs.Ellipsis, Style: th.Accent})
	}
	return labels
}

// The widths of a count, of a key or a moment, and of a key with a value.
const countWidth, nameWidth, wholeWidth = 8, 11, 38

// line draws a proposal. A count is before its value, as a terminal may draw a number behind a
// text from right to left in the middle of it.
func (m *Menu) line(c *frame.Canvas, p *proposal, chosen bool) string {
	th := m.o.Theme
	bar, name, help := "  ", th.Key, th.Dim
	if chosen {
		bar = th.UnderCursor(th.Accent).Apply(th.Glyphs.Bar + " ")
		name, help = th.UnderCursor(th.Key), th.UnderCursor(th.Dim)
	}
	room := c.W - 2
	if p.help != "" {
		w := nameWidth
		if p.of != filter.Text {
			w = wholeWidth
		}
		return bar + name.Apply(text.Fit(p.shown, w)) + help.Apply(text.Fit(p.help, max(0, room-w)))
	}
	value := m.style(p)
	if chosen {
		value = th.UnderCursor(value)
	}
	return bar + help.Apply(text.FitRight(m.counted(p), countWidth)+"  ") + value.Apply(text.Fit(m.mark(p)+p.shown, room-countWidth-2))
}

// counted says how often a value was counted. While the count goes on it may be more.
func (m *Menu) counted(p *proposal) string {
	switch c := m.count; {
	case c == nil, c.err != nil:
		return ""
	case !c.done && p.count == 0:
		return m.o.Theme.Glyphs.Ellipsis
	case !c.done:
		return number.Format(int64(p.count)) + "+"
	default:
		return number.Format(int64(p.count))
	}
}

// mark is the glyph of a class or of a verdict.
func (m *Menu) mark(p *proposal) string {
	switch m.place.Key {
	case filter.Is, filter.Class:
		if class, ok := receiver.ClassOf(p.word); ok {
			return m.o.Theme.Glyphs.Class(class) + " "
		}
		return "  "
	case filter.Verdict:
		return m.o.Theme.Glyphs.Verdict(receiver.Verdict(p.word)) + " "
	default:
		return ""
	}
}

func (m *Menu) style(p *proposal) theme.Style {
	th := m.o.Theme
	switch m.place.Key {
	case filter.Is, filter.Class:
		if class, ok := receiver.ClassOf(p.word); ok {
			return th.Class(class)
		}
	case filter.Verdict:
		return th.Verdict(receiver.Verdict(p.word))
	}
	return th.Plain
}
