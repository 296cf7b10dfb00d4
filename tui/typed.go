package tui

import tea "github.com/charmbracelet/bubbletea"

// typed takes what was typed. Letters that come faster than they are read, over
// a slow line or from a key held down, come as one message: each of them is a
// key of its own.
//
// An escape that comes along with another key is taken for alt by the terminal's
// rules; nothing here wants alt, so it was an escape.
func (m *Model) typed(msg tea.KeyMsg) tea.Cmd {
	if m.captured() {
		return m.press(msg) // a form edits text: there alt has its meanings
	}
	if msg.Alt && !msg.Paste {
		msg.Alt = false
		return tea.Batch(m.press(tea.KeyMsg{Type: tea.KeyEsc}), m.typed(msg))
	}
	if msg.Type != tea.KeyRunes || msg.Paste || len(msg.Runes) < 2 {
		return m.press(msg)
	}
	cmds := make([]tea.Cmd, len(msg.Runes))
	for i, r := range msg.Runes {
		cmds[i] = m.press(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
	}
	return tea.Batch(cmds...)
}
