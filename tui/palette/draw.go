package palette

import (
	"slices"

	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	// itemsFrom is the line of the first item.
	itemsFrom = 2
	// most and least are how many items are on the screen.
	most, least = 20, 4
	// around is how many lines the palette has besides the items.
	around = 3
	// margin is how many cells are before an item, and between its parts.
	margin = 2
	// whereWidth and keyWidth are the widths of the page and of the key, mostDoes is the largest
	// width of what an item does: a key far away belongs to nothing.
	whereWidth, keyWidth, mostDoes = 12, 13, 60
)

// lines is how many items are on the screen.
func (p *Palette) lines() int { return max(least, min(most, p.o.Height()/2-around)) }

// Height is how many lines [Palette.Lines] returns.
func (p *Palette) Height(*frame.Canvas) int { return around + p.lines() }

// Lines draws the bottom rule, what is typed, the items and the keys.
func (p *Palette) Lines(c *frame.Canvas, labels []frame.Label) []string {
	lines := p.Prompt.Lines(c, labels)
	p.Move(0) // the screen may have another size
	items := make([]string, p.lines())
	for i := range items {
		items[i] = p.line(c, p.top+i)
	}
	return slices.Insert(lines, itemsFrom, items...)
}

func (p *Palette) line(c *frame.Canvas, i int) string {
	switch {
	case i == 0 && len(p.found) == 0:
		return p.o.Theme.Dim.Apply(text.Fit("  "+nothing, c.W))
	case i >= len(p.found):
		return text.Spaces(c.W)
	}
	f, th := &p.found[i], p.o.Theme
	style, bar := func(s theme.Style) theme.Style { return s }, ""
	if i == p.at {
		style, bar = th.UnderCursor, th.Glyphs.Bar
	}
	room := max(1, min(mostDoes, c.W-3*margin-whereWidth-keyWidth))
	return style(th.Accent).Apply(text.Fit(bar, margin)) + p.does(f, room, style) +
		style(th.Dim).Apply(text.Spaces(margin)+text.Fit(f.Where, whereWidth)) + style(th.Key).Apply(text.Fit(c.KeyName(f.Key), c.W-2*margin-room-whereWidth))
}

// does draws what an item does. The letters that were typed stand out.
func (p *Palette) does(f *found, room int, style func(theme.Style) theme.Style) string {
	var drawn string
	width := 0
	for i, r := range []rune(f.Does) {
		s := p.o.Theme.Plain
		if f.letters[i] {
			s = p.o.Theme.Key
		}
		w := text.Width(string(r))
		if width+w > room {
			break
		}
		width += w
		drawn += style(s).Apply(string(r))
	}
	return drawn + style(p.o.Theme.Plain).Apply(text.Spaces(room-width))
}
