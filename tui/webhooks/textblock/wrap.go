package textblock

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/up42/up42-webhooks/tui/text"
)

// readable is the most cells of a line of prose.
const readable = 96

// Paragraph breaks words into lines for an area that is so many cells wide.
func Paragraph(words string, width int) []string {
	return breakWords(words, max(20, min(width-4, readable)))
}

// breakWords breaks words at spaces into lines of at most width cells. Longer
// words are broken too.
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
