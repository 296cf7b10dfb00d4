package pagetest

import tea "github.com/charmbracelet/bubbletea"

var namedKeys = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd,
	"ctrl+s": tea.KeyCtrlS, "ctrl+u": tea.KeyCtrlU, "backspace": tea.KeyBackspace, "space": tea.KeySpace,
}

// Keys returns the messages of keys. What is not the name of a key is typed.
func Keys(keys ...string) (msgs []tea.KeyMsg) {
	for _, k := range keys {
		kind, named := namedKeys[k]
		switch {
		case kind == tea.KeySpace && named:
			msgs = append(msgs, tea.KeyMsg{Type: kind, Runes: []rune{' '}})
		case named:
			msgs = append(msgs, tea.KeyMsg{Type: kind})
		default:
			for _, r := range k {
				msgs = append(msgs, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
			}
		}
	}
	return msgs
}

// Press presses keys.
func (s *Screen) Press(keys ...string) {
	s.T.Helper()
	for _, msg := range Keys(keys...) {
		s.PressKey(msg)
	}
}

// PressKey presses a key. It returns false if the page does not know the key.
func (s *Screen) PressKey(msg tea.KeyMsg) (ok bool) {
	s.T.Helper()
	s.Keys++
	s.Notes = nil
	cmd, ok := s.Page.Press(msg)
	s.Do(cmd)
	s.View()
	return ok
}

// Paste pastes text.
func (s *Screen) Paste(what string) {
	s.T.Helper()
	s.PressKey(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(what), Paste: true})
}

// Retype empties the field and pastes another text.
func (s *Screen) Retype(what string) {
	s.T.Helper()
	s.Press("end", "ctrl+u")
	s.Paste(what)
}
