package detail

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// span is clean text in one style, line a line of them. A line may be wider
// than the screen; wrap cuts it to size.
type (
	span struct {
		style theme.Style
		text  string
	}
	line []span
)

func (l line) width() int {
	w := 0
	for _, s := range l {
		w += text.Width(s.text)
	}
	return w
}

// wrap breaks a line into lines of at most width cells, the later ones
// indented by hang cells.
func (l line) wrap(width, hang int) []line {
	if width < 1 || l.width() <= width {
		return []line{l}
	}
	if hang >= width/2 {
		hang = 0
	}
	var out []line
	cur, left := line(nil), width
	for _, s := range l {
		for rest := s.text; rest != ""; {
			head := firstCells(rest, left)
			if head == "" && left < width-hang {
				out = append(out, cur)
				cur, left = indented(hang), width-hang
				continue
			}
			if head == "" { // a single character that is wider than the line
				return append(out, cur)
			}
			cur = append(cur, span{s.style, head})
			left -= text.Width(head)
			rest = rest[len(head):]
		}
	}
	return append(out, cur)
}

// firstCells is the part of clean text that fits in some cells. It looks at no
// more than it needs: a line may be long.
func firstCells(s string, cells int) string {
	const perCell = 32 // bytes of a character with all its marks, and then some
	if len(s) > cells*perCell {
		s = strings.ToValidUTF8(s[:cells*perCell], "")
	}
	return ansi.Truncate(s, cells, "")
}

func indented(n int) line {
	if n == 0 {
		return nil
	}
	return line{{theme.Style{}, strings.Repeat(" ", n)}}
}

// breakWords breaks words at spaces into lines of at most width cells. A word
// that is longer has a line of its own.
func breakWords(words string, width int) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(words) {
		switch {
		case line == "":
			line = w
		case text.Width(line)+1+text.Width(w) <= width:
			line += " " + w
		default:
			lines, line = append(lines, line), w
		}
	}
	return append(lines, line)
}
