package stage

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// mostEarly is how many keys wait at most.
const mostEarly = 100

// pressEarly presses the keys that came while a dashboard that has replaced another one had no rows
// yet.
func (s *Stage) pressEarly() tea.Cmd {
	var cmds []tea.Cmd
	for len(s.early) > 0 && !s.model.Loading() {
		msg := s.early[0]
		s.early = s.early[1:]
		cmds = append(cmds, s.typed(msg))
	}
	return tea.Batch(cmds...)
}

// waits keeps a key for later, if the dashboard has not read its store yet. The one that ends the
// program never waits.
func (s *Stage) waits(msg tea.KeyMsg) bool {
	if msg.Type == tea.KeyCtrlC || !s.replaced || !s.model.Loading() {
		return false
	}
	if len(s.early) < mostEarly {
		s.early = append(s.early, msg)
	}
	return true
}

// typed takes keys. If they come faster than they are read, they come as one message.
func (s *Stage) typed(msg tea.KeyMsg) tea.Cmd {
	if s.waits(msg) {
		return nil
	}
	if s.model.Typing() || msg.Type != tea.KeyRunes || msg.Paste || msg.Alt || len(msg.Runes) < 2 {
		return s.bySpeaker(func() tea.Cmd { return s.press(msg, false) })
	}
	var cmds []tea.Cmd
	for _, r := range msg.Runes {
		cmds = append(cmds, s.typed(runes(string(r))))
	}
	return tea.Batch(cmds...)
}

// bySpeaker does what the speaker's key or mouse does. What opens by it is the speaker's.
func (s *Stage) bySpeaker(do func() tea.Cmd) tea.Cmd {
	s.spoken = true
	before := s.occupied()
	cmd := do()
	s.theirs = s.occupied() && (s.theirs || !before)
	return cmd
}

// press takes a key of the speaker, or a scripted one. While a text is typed, it is a part of that.
func (s *Stage) press(msg tea.KeyMsg, scripted bool) tea.Cmd {
	if s.model.Typing() || msg.Paste {
		s.lastKey = "" // what is typed may be a secret
		return s.pass(msg)
	}
	s.lastKey = nameOf(msg)
	if !key.Matches(msg, s.keys.Quit) {
		s.model.KeyElsewhere()
	}
	if s.pressCode(msg) {
		return nil
	}
	if key.Matches(msg, s.keys.Present) && !s.o.Masked {
		return s.togglePresenting()
	}
	if s.forger != nil {
		if cmd, ok := s.pressForger(msg, scripted); ok {
			return cmd
		}
	}
	if s.player != nil && !scripted { // a script does not steer itself
		if cmd, ok := s.pressScript(msg); ok {
			return cmd
		}
	}
	return s.pass(msg)
}

// pressCode takes the key of the code, and while the code is shown any key, which removes it.
func (s *Stage) pressCode(msg tea.KeyMsg) (ok bool) {
	switch {
	case s.o.Invite == nil, msg.Type == tea.KeyCtrlC:
		return false
	case s.showsCode:
		s.showsCode = false
		return true
	case key.Matches(msg, showCode):
		s.showsCode = true
		return true
	default:
		return false
	}
}

func runes(key string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(key)} }
