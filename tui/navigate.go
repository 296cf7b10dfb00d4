package tui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/text"
)

// pageCount is how many pages there are. That of undelivered events is the last
// one, and exists only with targets.
func (m *Model) pageCount() pageID {
	if m.forwarding.HasTargets() {
		return pageCount
	}
	return onUndelivered
}

func (m *Model) show(p pageID) tea.Cmd {
	m.pages.current, m.detailed = p, false
	m.pages.list().Invalidate()
	cmd := m.renewFilter()
	if p == onUndelivered {
		return tea.Batch(cmd, m.pages.undelivered.ReadAfter(time.Second))
	}
	return cmd
}

func (m *Model) showUndelivered() tea.Cmd {
	if !m.forwarding.HasTargets() {
		m.say(note.Hint, "5 lists what could not be forwarded; nothing is forwarded here: --forward-to URL")
		return nil
	}
	return m.show(onUndelivered)
}

// subject is what the user looks at.
func (m *Model) subject() (detail.Subject, bool) {
	if m.detailed {
		return m.details.Subject(), true
	}
	return m.pages.subject()
}

func (m *Model) selection() forwarding.Selection {
	p := m.pages.current
	s := forwarding.Selection{Lists: p == onEvents || p == onUndelivered, Undelivered: p == onUndelivered}
	if subject, ok := m.subject(); ok {
		s.Subject = &subject
	}
	return s
}

func (m *Model) openDetails() tea.Cmd {
	s, ok := m.pages.subject()
	if !ok {
		m.say(note.Hint, "no details: no row is selected")
		return nil
	}
	m.pages.list().Hold() // the cursor stays on what the user looks at
	m.detailed = true
	return m.details.Open(s)
}

// showNeighbour shows the details of the next row, or of the one before.
func (m *Model) showNeighbour(delta int) tea.Cmd {
	l := m.pages.list()
	before := l.Index()
	l.Move(delta)
	switch {
	case l.Index() != before:
		return m.openDetails()
	case delta < 0:
		m.say(note.Hint, "this is the first one")
	default:
		m.say(note.Hint, "this is the last one")
	}
	return nil
}

// showRelated goes from a row to its events, and from an event to its row.
func (m *Model) showRelated() tea.Cmd {
	s, ok := m.subject()
	rows, id, hasRows := m.pages.rows(s.Key.Kind)
	switch {
	case !ok:
		m.say(note.Hint, "nothing to go to: no row is selected")
	case !hasRows || strings.TrimSpace(s.Key.ID) == "":
		m.say(note.Hint, "nothing to go to: this delivery names no order or job")
	case s.Seq == 0:
		return m.showEventsOf(s.Key)
	case rows.Select(s.Key.ID):
		return m.show(id)
	case rows.Filter() != "":
		m.say(note.Hint, "its "+string(s.Key.Kind)+" is not listed: the filter there hides it, or it is not read yet")
	default:
		m.say(note.Hint, "its "+string(s.Key.Kind)+" is not listed: it is not read yet, or has no row")
	}
	return nil
}

// showEventsOf lists only the events of a row.
func (m *Model) showEventsOf(k receiver.Key) tea.Cmd {
	shown := m.show(onEvents)
	m.say(note.Info, "the events of "+text.Clean(k.ID, 40)+"; esc shows all again")
	return tea.Batch(shown, m.filters.Set(m.pages.events, "kind:"+string(k.Kind)+" "+filter.TheID(k.ID).String()))
}

// refresh asks UP42 about what the user looks at. If that is nothing, it asks for
// the page's list.
func (m *Model) refresh() tea.Cmd {
	s, ok := m.subject()
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
		m.follower.Paused()
		return nil
	}
	return m.follower.Resumed()
}
