package tui

import (
	"slices"
	"strings"
	"unicode"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/text"
)

// typed takes what was typed. If keys come faster than they are read, they come as
// one message, and are separated here.
//
// The terminal reports esc and another key at once as alt and that key. No key here
// has alt, so it was esc. A form edits text, so it may use alt.
func (m *Model) typed(msg tea.KeyMsg) tea.Cmd {
	switch {
	case m.pages.captured() && !m.help.Shown():
		return m.press(msg)
	case msg.Alt && !msg.Paste:
		msg.Alt = false
		return tea.Batch(m.press(tea.KeyMsg{Type: tea.KeyEsc}), m.typed(msg))
	case msg.Type != tea.KeyRunes || msg.Paste || len(msg.Runes) < 2:
		return m.press(msg)
	}
	cmds := make([]tea.Cmd, len(msg.Runes))
	for i, r := range msg.Runes {
		cmds[i] = m.press(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
	}
	return tea.Batch(cmds...)
}

// press routes a key. Every key does something, or a note says why it does not.
func (m *Model) press(msg tea.KeyMsg) tea.Cmd {
	m.notes.Clear()
	m.pinning.NextKey(key.Matches(msg, m.keys.Pin))
	m.ending = m.ending && key.Matches(msg, m.keys.Quit)
	switch {
	case key.Matches(msg, m.keys.Redraw):
		return nil // see guard
	case msg.Type == tea.KeyCtrlC && !msg.Paste:
		return tea.Quit
	case key.Matches(msg, m.keys.Suspend):
		m.say(note.Hint, keys.First(m.keys.Suspend)+" is off: it would stop the receiver with the screen")
		return nil
	case m.prompt != nil:
		cmd, open := m.prompt.Press(msg)
		if !open {
			m.prompt = nil
		}
		return cmd
	case m.pages.captured() && !m.help.Shown():
		cmd, _ := m.pages.webhooks.Press(msg)
		return cmd
	case msg.Paste:
		m.say(note.Hint, "pasting works in the filter: press "+keys.First(m.keys.Filter)+" first")
		return nil
	case key.Matches(msg, m.keys.Quit):
		return m.pressQuit()
	case key.Matches(msg, m.keys.Palette):
		m.openPalette()
		return nil
	case key.Matches(msg, m.keys.Help):
		if m.help.Shown() {
			m.help.Close()
		} else {
			m.help.Open(m.helpGroups())
		}
		return nil
	case m.help.Shown():
		m.help.Press(msg)
		return nil
	default:
		return m.pressPage(msg)
	}
}

// pressQuit goes back where there is a step to go back. The first q on top says what ends with
// the screen, if something does; the second one quits.
func (m *Model) pressQuit() tea.Cmd {
	asks := m.o.Receiver.BeforeEnd != "" && m.receiver.Stopped == nil
	switch {
	case m.help.Shown():
		m.help.Close()
	case m.nav.detailed:
		m.nav.closeDetails()
	case m.pages.current == onWebhooks && m.pages.webhooks.Over():
		return m.pressPage(tea.KeyMsg{Type: tea.KeyEsc})
	case m.ending || !asks:
		return tea.Quit
	default:
		m.say(note.Hint, keys.First(m.keys.Quit)+" again ends "+m.o.Receiver.BeforeEnd)
		m.ending = true
	}
	return nil
}

// pressPage gives a key to what is shown. If the key means nothing there, it may be
// one that the root knows.
func (m *Model) pressPage(msg tea.KeyMsg) tea.Cmd {
	shown, own := m.nav.shown(), m.pressList
	if m.nav.detailed {
		own = m.pressDetails
	}
	if m.pages.current != onWebhooks { // that page has refusals of its own
		if words, ok := m.refusals.Press(msg); ok {
			m.say(note.Hint, words)
			return nil
		}
	}
	if cmd, ok := (marking{m}).press(msg); ok {
		return cmd
	}
	if key.Matches(msg, m.keys.Back) {
		if cmd, ok := m.nav.back(); ok {
			return cmd
		}
	}
	if cmd, ok := m.nav.searchAgain(msg); ok {
		return cmd
	}
	if cmd, ok := shown.Press(msg); ok {
		return m.commands.Own(cmd, shown.Update)
	}
	if cmd, ok := own(msg); ok {
		return cmd
	}
	if cmd, ok := m.pressAnywhere(msg); ok {
		return cmd
	}
	if name := msg.String(); strings.TrimSpace(name) != "" {
		m.say(note.Hint, text.Clean(name, 20)+" does nothing here; "+m.instead(msg)+keys.First(m.keys.Help)+" shows the keys")
	}
	return nil
}

// instead says what a key does on the page Webhooks, or what the same letter in the other case does. It
// is empty if neither does anything.
func (m *Model) instead(msg tea.KeyMsg) string {
	if len(msg.Runes) != 1 {
		return ""
	}
	same := func(b key.Binding, name string) bool { return slices.Contains(b.Keys(), name) }
	other := string(unicode.SimpleFold(msg.Runes[0]))
	for _, b := range slices.Concat(m.keys.List(), m.keys.Detailed()) {
		if same(b, other) {
			return other + ": " + b.Help().Desc + "; "
		}
	}
	for _, b := range m.pages.webhooks.Keys() {
		if same(b, msg.String()) && m.pages.current != onWebhooks {
			return "on " + onWebhooks.String() + ": " + b.Help().Desc + "; "
		}
	}
	return ""
}

// pressDetails takes the keys that lead from the details to a list.
func (m *Model) pressDetails(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	switch {
	case key.Matches(msg, m.keys.Back):
		m.nav.closeDetails()
	case key.Matches(msg, m.keys.Details):
		m.nav.toggleWhole()
	case key.Matches(msg, m.keys.Left):
		cmd = m.nav.showNeighbour(-1)
	case key.Matches(msg, m.keys.Right):
		cmd = m.nav.showNeighbour(1)
	case key.Matches(msg, m.keys.Search):
		search := m.nav.details.Search()
		m.prompt, cmd = search, search.Start()
	default:
		return nil, false
	}
	return cmd, true
}

// pressList takes the keys of a list that need other parts of the screen.
func (m *Model) pressList(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	switch {
	case key.Matches(msg, m.keys.Next):
		cmd = m.nav.showBeside(1)
	case key.Matches(msg, m.keys.Previous):
		cmd = m.nav.showBeside(-1)
	case key.Matches(msg, m.keys.Details):
		cmd = m.nav.openDetails()
	case key.Matches(msg, m.keys.Filter):
		filter := m.filters.Open(m.pages.list())
		m.prompt, cmd = filter, filter.Start()
	default:
		return m.filters.Press(m.pages.list(), msg)
	}
	return cmd, true
}

// pressAnywhere takes the keys that work in lists and in details.
func (m *Model) pressAnywhere(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	switch {
	case key.Matches(msg, m.keys.Overview):
		cmd = m.nav.goTo(onOverview)
	case key.Matches(msg, m.keys.Jobs):
		cmd = m.nav.goTo(onJobs)
	case key.Matches(msg, m.keys.Orders):
		cmd = m.nav.goTo(onOrders)
	case key.Matches(msg, m.keys.Events):
		cmd = m.nav.goTo(onEvents)
	case key.Matches(msg, m.keys.Webhooks):
		cmd = m.nav.goTo(onWebhooks)
	case key.Matches(msg, m.keys.Undelivered):
		cmd = m.nav.showUndelivered()
	case m.nav.pressPane(msg):
	case key.Matches(msg, m.keys.Pause):
		cmd = m.togglePause()
	case key.Matches(msg, m.keys.Refresh):
		cmd = m.refresh()
	case key.Matches(msg, m.keys.Related):
		cmd = m.nav.showRelated()
	case key.Matches(msg, m.keys.Forward):
		cmd = m.forwarding.Resend(m.nav.selection())
	case key.Matches(msg, m.keys.Pin):
		cmd = m.pinning.Press()
	case key.Matches(msg, m.keys.ForwardTo):
		if p := m.forwarding.AskURL(m.nav.selection()); p != nil {
			m.prompt = p
		}
	case key.Matches(msg, m.keys.Admit):
		m.askAdmit()
	case key.Matches(msg, m.keys.Test):
		cmd = m.testEvent()
	case key.Matches(msg, m.keys.CopyWhat, m.keys.Save, m.keys.Open):
		m.takeOut(msg)
	default:
		return m.programs.Press(msg, m.nav.subject)
	}
	return cmd, true
}

// askAdmit asks whether to admit the rejected delivery whose details are shown, or all that
// are good.
func (m *Model) askAdmit() {
	var one *detail.Subject
	if s := m.nav.details.Subject(); m.nav.detailed && s.Seq != 0 {
		one = &s
	}
	if q := m.offer.Ask(one); q != nil {
		m.prompt = q
	}
}

// refresh asks UP42 about what the user looks at. If that is nothing, it asks for
// the page's list.
func (m *Model) refresh() tea.Cmd {
	s, ok := m.nav.subject()
	if k, isRows := m.pages.current.kind(); isRows && !ok {
		return m.account.RefreshList(k)
	}
	return m.account.Refresh(s.Key)
}

// togglePause freezes the screen, but not the receiver. What comes meanwhile stays
// in the log, and is read afterwards.
func (m *Model) togglePause() tea.Cmd {
	if !m.follower.Ready() {
		m.say(note.Hint, "nothing to pause yet: the store is being read")
		return nil
	}
	paused := !m.pages.paused()
	m.pages.setPaused(paused)
	if paused {
		return nil
	}
	return m.follower.Resumed()
}
