package stage

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/keys"
)

// The keys of a script, and of an invitation.
var (
	nextStep  = keys.Bind("space", "next step of the script", " ")
	faster    = keys.Bind("+", "script: faster", "+")
	slower    = keys.Bind("-", "script: slower", "-")
	startOver = keys.Bind("ctrl+r", "script: start over", "ctrl+r")

	showCode = keys.Bind("Q", "QR code of the line", "Q")
)

// keysOf are the keys of a dashboard.
func keysOf(o *tui.Options) *keys.Map {
	k := keys.New()
	o.Keys.Apply(keys.Actions("", k))
	return k
}

// helpKeys are the keys that the stage has now, for the help.
func (s *Stage) helpKeys() []keys.Group {
	var own []key.Binding
	if s.player != nil {
		own = append(own, nextStep, faster, slower, startOver)
	}
	if s.forger != nil {
		own = append(own, s.keys.Forge)
	}
	if !s.o.Masked {
		own = append(own, s.keys.Present)
	}
	if s.o.Invite != nil {
		own = append(own, showCode)
	}
	if len(own) == 0 {
		return nil
	}
	return []keys.Group{{Title: "On stage", Keys: own}}
}

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
	before := s.occupied()
	cmd := do()
	s.theirs = s.occupied() && (s.theirs || !before)
	return cmd
}

// occupied reports whether something takes all keys. The forger has a state of its own.
func (s *Stage) occupied() bool { return s.showsCode || s.model.Occupied() }

// held reports whether the script waits because the speaker has something open: its keys would go
// there.
func (s *Stage) held() bool {
	f := s.forger
	return s.theirs || f != nil && !f.scripted && (f.open || f.sent != nil)
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

// pressScript takes the keys by which the speaker steers the script.
func (s *Stage) pressScript(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	switch {
	case key.Matches(msg, nextStep):
		return s.goOn(), true
	case key.Matches(msg, faster):
		s.player.faster(1)
	case key.Matches(msg, slower):
		s.player.faster(-1)
	case key.Matches(msg, startOver):
		return s.startOver(), true
	default:
		return nil, false
	}
	return nil, true
}
