package overview

import (
	"strings"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// span is clean text in one style.
type span struct {
	style theme.Style
	text  string
	// item is the number of the item that it belongs to, from 1 on, and frame that of the panel
	// whose border it is. 0: none.
	item, frame int
}

// line is a line of the page, or of a panel.
type line []span

func (l line) width() (w int) {
	for i := range l {
		w += text.Width(l[i].text)
	}
	return w
}

// fit makes a line exactly width cells wide. What it adds belongs to the item at its end.
func (l line) fit(width int) line {
	left := width
	for i := range l {
		s := &l[i]
		s.text = text.Cut(s.text, left)
		left -= text.Width(s.text)
	}
	if left <= 0 {
		return l
	}
	fill := span{text: text.Spaces(left)}
	if n := len(l); n > 0 {
		fill.item = l[n-1].item
	}
	return append(l, fill)
}

// draw draws a line. cursor and focus are the numbers of the item under the cursor and of its
// panel.
func (l line) draw(b *strings.Builder, th *theme.Theme, cursor, focus int) {
	marked := false
	for i := range l {
		s := &l[i]
		switch {
		case s.item != 0 && s.item == cursor && !marked:
			marked = true
			rest := strings.TrimPrefix(s.text, " ")
			b.WriteString(th.UnderCursor(th.Accent).Apply(th.Glyphs.Bar))
			b.WriteString(th.UnderCursor(s.style).Apply(rest))
		case s.item != 0 && s.item == cursor:
			b.WriteString(th.UnderCursor(s.style).Apply(s.text))
		case s.frame != 0 && s.frame == focus:
			b.WriteString(th.Tab.Apply(s.text))
		default:
			b.WriteString(s.style.Apply(s.text))
		}
	}
}
