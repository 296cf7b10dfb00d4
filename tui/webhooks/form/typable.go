package form

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/text"
)

// Typable removes from what was typed or pasted the characters that can't be
// shown, and says how many these were. Line ends at its end are removed without
// counting.
func Typable(msg tea.KeyMsg) (_ tea.KeyMsg, removed int) {
	if msg.Type != tea.KeyRunes {
		return msg, 0
	}
	pasted := []rune(strings.TrimRight(string(msg.Runes), "\r\n"))
	msg.Runes = slices.DeleteFunc(slices.Clone(pasted), func(r rune) bool {
		s := "x" + string(r) // an accent needs a letter before it
		return text.Clean(s, 0) != s
	})
	return msg, len(pasted) - len(msg.Runes)
}
