package keys

import (
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
)

// shownNames are names of keys as the screen shows them, if bindings have others.
var shownNames = map[string]string{"↑": "up", "↓": "down", "←": "left", "→": "right", "pgdn": "pgdown", "space": " ", "1-5": "tab", "1-4": "tab"}

// Press returns the message of a key by its name, as bindings have it or as the screen shows it.
// ok is false if there is no such key.
func Press(name string) (msg tea.KeyMsg, ok bool) {
	if bound, shown := shownNames[name]; shown {
		name = bound
	}
	if name == " " {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}, true
	}
	if utf8.RuneCountInString(name) == 1 {
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}, true
	}
	const first, last = tea.KeyF20, tea.KeyType(127)
	for t := first; t <= last; t++ {
		if t != tea.KeyRunes && t != tea.KeySpace && t.String() == strings.ToLower(name) {
			return tea.KeyMsg{Type: t}, true
		}
	}
	return msg, false
}

// Press returns the message of a key of the hint: of several, of the one at a cell of its name.
func (h Hint) Press(cell int) (msg tea.KeyMsg, ok bool) {
	names := []rune(h.Keys)
	if len(names) == 2 && names[0] > utf8.RuneSelf { // two arrows
		return Press(string(names[min(max(0, cell), 1)]))
	}
	if msg, ok = Press(h.Keys); ok {
		return msg, true
	}
	first, _, _ := strings.Cut(h.Keys, "/")
	return Press(first) // ":/ctrl+p" is two names, but "/" is one
}
