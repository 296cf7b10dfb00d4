// Package textblock composes lines of styled text: titles, paragraphs, and names
// with their values.
package textblock

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

type (
	// Span is clean text in one style.
	Span struct {
		Style theme.Style
		Text  string
		drawn bool // Text has its styles already
	}
	// Line is a line of spans.
	Line []Span
)

// Width returns the number of cells that the line takes.
func (l Line) Width() int {
	w := 0
	for _, s := range l {
		w += text.Width(s.Text)
	}
	return w
}

// Text is the line without its styles.
func (l Line) Text() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Wrap breaks the line into lines of at most width cells. It keeps all spaces, and
// breaks within words. All lines but the first start with hang spaces, if that is
// less than half of the width.
func (l Line) Wrap(width, hang int) []Line {
	if width < 1 || l.Width() <= width {
		return []Line{l}
	}
	if hang >= width/2 {
		hang = 0
	}
	var out []Line
	cur, left := Line(nil), width
	for _, s := range l {
		for rest := s.Text; rest != ""; {
			head := text.Start(rest, left)
			if head == "" && left < width-hang {
				out = append(out, cur)
				cur, left = spaces(hang), width-hang
				continue
			}
			if head == "" { // one character that is wider than a line
				return append(out, cur)
			}
			cur = append(cur, Span{Style: s.Style, Text: head})
			left -= text.Width(head)
			rest = rest[len(head):]
		}
	}
	return append(out, cur)
}

// Append appends the line as exactly width cells: it cuts off what is too long and
// fills up with spaces.
func (l Line) Append(b *strings.Builder, width int) {
	for _, s := range l {
		if width <= 0 {
			break
		}
		if s.drawn {
			b.WriteString(s.Text)
			width -= text.Width(ansi.Strip(s.Text))
			continue
		}
		t := text.Cut(s.Text, width)
		b.WriteString(s.Style.Apply(t))
		width -= text.Width(t)
	}
	b.WriteString(text.Spaces(width))
}

// cutDrawn makes a line that has its styles already at most width cells wide. It keeps all sequences,
// as they end styles.
func cutDrawn(l string, width int) string {
	if text.Width(ansi.Strip(l)) <= width {
		return l
	}
	var b strings.Builder
	for rest := l; rest != ""; {
		part, _, n, _ := ansi.DecodeSequence(rest, ansi.NormalState, nil)
		rest = rest[n:]
		if !strings.HasPrefix(part, "\x1b") {
			if width -= text.Width(part); width < 0 {
				continue
			}
		}
		b.WriteString(part)
	}
	return b.String()
}

func spaces(n int) Line {
	if n == 0 {
		return nil
	}
	return Line{{Text: text.Spaces(n)}}
}
