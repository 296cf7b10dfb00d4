package tuitest

import (
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/keys"
)

// Keys returns the messages of keys. What is not the name of a key is typed, one
// character after another.
func Keys(pressed ...string) (msgs []tea.KeyMsg) {
	for _, k := range pressed {
		if msg, ok := keys.Press(k); ok && utf8.RuneCountInString(k) > 1 {
			msgs = append(msgs, msg)
			continue
		}
		for _, r := range k {
			msgs = append(msgs, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
		}
	}
	return msgs
}

// Pasted returns the message of a text that is pasted.
func Pasted(text string) tea.KeyMsg {
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true}
}
