package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

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
	case m.captured():
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

// captured reports whether all keys belong to the page: the user fills in a form.
func (m *Model) captured() bool {
	return m.pages.current == onWebhooks && !m.help.Shown() && m.pages.webhooks.Captures()
}

// press routes a key. Every key does something, or a note says why it does not.
func (m *Model) press(msg tea.KeyMsg) tea.Cmd {
	m.notes.Clear()
	switch {
	case key.Matches(msg, m.keys.Redraw):
		return nil // see guard
	case msg.Type == tea.KeyCtrlC && !msg.Paste:
		return tea.Quit
	case key.Matches(msg, m.keys.Suspend):
		m.say(note.Hint, "ctrl+z is off: it would stop the receiver with the screen")
		return nil
	case m.prompt != nil:
		cmd, open := m.prompt.Press(msg)
		if !open {
			m.prompt = nil
		}
		return cmd
	case m.captured():
		cmd, _ := m.pages.webhooks.Press(msg)
		return cmd
	case msg.Paste:
		m.say(note.Hint, "pasting works in the filter: press / first")
		return nil
	case key.Matches(msg, m.keys.Quit):
		return tea.Quit
	case key.Matches(msg, m.keys.Help):
		m.toggleHelp()
		return nil
	case m.help.Shown():
		m.help.Press(msg)
		return nil
	default:
		return m.pressPage(msg)
	}
}

// pressPage gives a key to what is shown. If the key means nothing there, it may be
// one that the root knows.
func (m *Model) pressPage(msg tea.KeyMsg) tea.Cmd {
	shown, own := page(m.pages.list()), m.pressList
	if m.detailed {
		shown, own = m.details, m.pressDetails
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
		m.say(note.Hint, text.Clean(name, 20)+" does nothing here; ? shows the keys")
	}
	return nil
}

// pressDetails takes the keys that lead from the details to a list.
func (m *Model) pressDetails(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	switch {
	case key.Matches(msg, m.keys.Back, m.keys.Details):
		m.detailed = false
		m.pages.list().Invalidate()
	case key.Matches(msg, m.keys.Left):
		cmd = m.showNeighbour(-1)
	case key.Matches(msg, m.keys.Right):
		cmd = m.showNeighbour(1)
	default:
		return nil, false
	}
	return cmd, true
}

// pressList takes the keys of a list that need other parts of the screen.
func (m *Model) pressList(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	switch n := m.pageCount(); {
	case key.Matches(msg, m.keys.Next):
		cmd = m.show((m.pages.current + 1) % n)
	case key.Matches(msg, m.keys.Previous):
		cmd = m.show((m.pages.current + n - 1) % n)
	case key.Matches(msg, m.keys.Details):
		cmd = m.openDetails()
	case key.Matches(msg, m.keys.Filter):
		m.prompt = m.filters.Open(m.pages.list())
		cmd = m.prompt.Start()
	default:
		return m.filters.Press(m.pages.list(), msg)
	}
	return cmd, true
}

// pressAnywhere takes the keys that work in lists and in details.
func (m *Model) pressAnywhere(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	switch {
	case key.Matches(msg, m.keys.Jobs):
		cmd = m.show(onJobs)
	case key.Matches(msg, m.keys.Orders):
		cmd = m.show(onOrders)
	case key.Matches(msg, m.keys.Events):
		cmd = m.show(onEvents)
	case key.Matches(msg, m.keys.Webhooks):
		cmd = m.show(onWebhooks)
	case key.Matches(msg, m.keys.Undelivered):
		cmd = m.showUndelivered()
	case key.Matches(msg, m.keys.Pause):
		cmd = m.togglePause()
	case key.Matches(msg, m.keys.Refresh):
		cmd = m.refresh()
	case key.Matches(msg, m.keys.Related):
		cmd = m.showRelated()
	case key.Matches(msg, m.keys.Forward):
		cmd = m.forwarding.Resend(m.selection())
	case key.Matches(msg, m.keys.ForwardTo):
		m.prompt = m.forwarding.AskURL(m.selection())
	default:
		return nil, false
	}
	return cmd, true
}
