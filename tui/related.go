package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/text"
)

// related goes from a row to its events, and from an event to its row.
func (m *Model) related() tea.Cmd {
	s, ok := m.subject()
	if m.detailed {
		s, ok = m.details.Subject(), true
	}
	switch {
	case !ok:
		m.say(noteHint, "nothing to go to: no row is selected")
		return nil
	case strings.TrimSpace(s.Key.ID) == "" || s.Key.Kind != receiver.Job && s.Key.Kind != receiver.Order:
		m.say(noteHint, "nothing to go to: this delivery names no order or job")
		return nil
	case s.Seq == 0:
		return m.showEventsOf(s.Key)
	default:
		return m.showRowOf(s)
	}
}

// showEventsOf lists the events of a row alone.
func (m *Model) showEventsOf(k receiver.Key) tea.Cmd {
	shown := m.show(eventsPage)
	m.say(noteInfo, "the events of "+text.Clean(k.ID, 40)+"; esc shows all again")
	return tea.Batch(shown, m.setFilter("kind:"+string(k.Kind)+" "+filter.TheID(k.ID).String()))
}

// showRowOf puts the cursor onto an event's row.
func (m *Model) showRowOf(s detail.Subject) tea.Cmd {
	page := m.statusPage(pageOf(s.Key.Kind))
	if !page.Select(s.Key.ID) {
		why := "it is not read yet, or has no row"
		if page.Filter() != "" {
			why = "the filter there hides it, or it is not read yet"
		}
		m.say(noteHint, "its "+string(s.Key.Kind)+" is not listed: "+why)
		return nil
	}
	return m.show(pageOf(s.Key.Kind))
}
