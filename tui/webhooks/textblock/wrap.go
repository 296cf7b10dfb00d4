package textblock

import "github.com/up42/up42-webhooks/tui/text"

// readable is the most cells of a line of prose.
const readable = 96

// Paragraph breaks words into lines for an area that is so many cells wide.
func Paragraph(words string, width int) []string {
	return text.Wrap(words, max(20, min(width-4, readable)), 0)
}
