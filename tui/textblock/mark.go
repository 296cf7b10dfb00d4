package textblock

import (
	"unicode/utf8"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// UnderCursor returns the line as it is drawn under the cursor, in width cells: its first cell
// has the bar.
func (l Line) UnderCursor(th *theme.Theme, width int) Line {
	out := Line{{Style: th.Cursor, Text: th.Glyphs.Bar}}
	left := width - 1
	for i, s := range l {
		if i == 0 && s.Text != "" {
			_, n := utf8.DecodeRuneInString(s.Text)
			s.Text = s.Text[n:]
		}
		out = append(out, Span{Style: th.UnderCursor(s.Style), Text: s.Text})
		left -= text.Width(s.Text)
	}
	return append(out, Span{Style: th.Cursor, Text: text.Spaces(max(0, left))})
}

// Mark returns the line with each place marked that has a text, in any case.
func (l Line) Mark(th *theme.Theme, sought string) Line {
	found := text.Occurrences(l.Text(), sought)
	if len(found) == 0 {
		return l
	}
	var out Line
	at := 0
	for _, s := range l {
		for rest := s.Text; rest != ""; {
			n, inside := len(rest), false
			for len(found) > 0 && found[0].To <= at {
				found = found[1:]
			}
			if len(found) > 0 {
				if inside = found[0].From <= at; inside {
					n = min(n, found[0].To-at)
				} else {
					n = min(n, found[0].From-at)
				}
			}
			style := s.Style
			if inside {
				style = th.Match(style)
			}
			out = append(out, Span{Style: style, Text: rest[:n], drawn: s.drawn})
			rest, at = rest[n:], at+n
		}
	}
	return out
}
