package webhooks

import (
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	indent = "   "
	// labels is the width of the column of names before values.
	labels = 15
	// readable is how wide lines of words get.
	readable = 96
)

// sheet collects lines, each as wide as the page. Text that is given to it must
// be clean.
type sheet struct {
	theme         *theme.Theme
	width, height int
	lines         []string
}

// span is text in one style.
type span struct {
	style theme.Style
	text  string
}

// add adds a line, cut where it is too long.
func (s *sheet) add(spans ...span) {
	var b strings.Builder
	left := s.width
	for _, part := range spans {
		t := part.text
		if text.Width(t) > left {
			t = text.Fit(t, left)
		}
		b.WriteString(part.style.Apply(t))
		if left -= text.Width(t); left <= 0 {
			break
		}
	}
	b.WriteString(text.Spaces(left))
	s.lines = append(s.lines, b.String())
}

func (s *sheet) gap() { s.add() }

func (s *sheet) title(words string) { s.add(span{s.theme.Title, " " + words}) }

func (s *sheet) section(words string) {
	s.gap()
	s.title(words)
}

// prose adds words, broken at spaces.
func (s *sheet) prose(style theme.Style, words string) { s.hanging(style, indent, words) }

// hanging adds words behind something that stands before the first line only.
func (s *sheet) hanging(style theme.Style, before, words string) {
	hang := text.Width(before)
	room := max(10, min(s.width-hang-2, readable))
	for _, l := range breakWords(words, room) {
		s.add(span{style, before + l})
		before = text.Spaces(hang)
	}
}

// verbatim adds text with all its spaces, broken wherever a line ends.
func (s *sheet) verbatim(style theme.Style, t string) {
	for _, l := range strings.Split(ansi.Hardwrap(t, max(10, s.width-len(indent)-1), true), "\n") {
		s.add(span{style, indent + l})
	}
}

// breakWords breaks words at spaces into lines of at most width cells, and
// within words that are longer.
func breakWords(words string, width int) (lines []string) {
	line := ""
	for _, w := range strings.Fields(words) {
		if line != "" && text.Width(line)+1+text.Width(w) <= width {
			line += " " + w
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		parts := strings.Split(ansi.Hardwrap(w, width, true), "\n")
		lines, line = append(lines, parts[:len(parts)-1]...), parts[len(parts)-1]
	}
	return append(lines, line)
}

// pair adds a value with its name.
func (s *sheet) pair(name string, style theme.Style, value string) {
	room := max(10, s.width-len(indent)-labels-1)
	lines := []string{value}
	if text.Width(value) > room {
		lines = breakWords(value, room)
	}
	for _, l := range lines {
		s.add(span{s.theme.Dim, indent + text.Fit(name, labels)}, span{style, l})
		name = ""
	}
}

// styled adds lines that have their styles already.
func (s *sheet) styled(lines string) {
	for _, l := range strings.Split(lines, "\n") {
		l = ansi.Truncate(l, s.width, "")
		s.lines = append(s.lines, l+text.Spaces(s.width-ansi.StringWidth(l)))
	}
}

// window is the part of the lines that is seen. Where there is more below, its
// last line says so.
func (s *sheet) window(top, height int) []string {
	out := slices.Clone(s.lines[min(top, len(s.lines)):])
	if len(out) > height && height > 1 {
		words := s.theme.Glyphs.Down + " " + strconv.Itoa(len(out)-height+1) + " more lines"
		out[height-1] = s.theme.Dim.Apply(text.Fit(indent+words, s.width))
	}
	for len(out) < height {
		out = append(out, text.Spaces(s.width))
	}
	return out[:height]
}
