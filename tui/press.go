package tui

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/text"
)

// press takes a key. Every key either does something or says why it doesn't.
func (m *Model) press(msg tea.KeyMsg) tea.Cmd {
	m.note = note{}
	switch {
	case key.Matches(msg, m.keys.redraw):
		return nil // see guard
	case m.prompt != nil:
		return m.pressPrompt(msg)
	case m.captured():
		return m.pressCaptured(msg)
	case msg.Paste:
		m.say(noteHint, "pasting works in the filter: press / first")
		return nil
	case key.Matches(msg, m.keys.quit):
		return tea.Quit
	case key.Matches(msg, m.keys.suspend):
		m.warnSuspend()
		return nil
	case key.Matches(msg, m.keys.help):
		m.helping, m.helpTop = !m.helping, 0
		return nil
	case m.helping && m.pressHelp(msg):
		return nil
	}
	if m.page == webhooksPage {
		return m.pressWebhooks(msg)
	}
	switch {
	case key.Matches(msg, m.keys.pause):
		return m.togglePause()
	case key.Matches(msg, m.keys.refresh):
		return m.pressRefresh()
	}
	if m.detailed {
		return m.pressDetails(msg)
	}
	return m.pressList(msg)
}

func (m *Model) warnSuspend() {
	m.say(noteHint, "ctrl+z is off: it would stop the receiver with the screen")
}

// pressPage takes the keys that change pages; ok is false for others.
func (m *Model) pressPage(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	switch {
	case key.Matches(msg, m.keys.jobs):
		return m.show(jobsPage), true
	case key.Matches(msg, m.keys.orders):
		return m.show(ordersPage), true
	case key.Matches(msg, m.keys.events):
		return m.show(eventsPage), true
	case key.Matches(msg, m.keys.webhooks):
		return m.show(webhooksPage), true
	case key.Matches(msg, m.keys.undelivered):
		if !m.hasUndelivered() {
			m.say(noteHint, "5 lists what could not be handed on; nothing is handed on here: --forward-to URL")
			return nil, true
		}
		return m.show(undeliveredPage), true
	}
	return nil, false
}

func (m *Model) show(p pageID) tea.Cmd {
	m.page, m.detailed = p, false
	m.list().Invalidate()
	cmds := []tea.Cmd{m.renewFilter(), m.want()}
	if p == undeliveredPage {
		cmds = append(cmds, m.undelivered.ReadAfter(time.Second))
	}
	return tea.Batch(cmds...)
}

func (m *Model) pressDetails(msg tea.KeyMsg) tea.Cmd {
	if cmd, ok := m.pressPage(msg); ok {
		return cmd
	}
	if cmd, ok := m.pressHand(msg); ok {
		return cmd
	}
	switch {
	case key.Matches(msg, m.keys.back), key.Matches(msg, m.keys.details):
		m.detailed = false
		m.list().Invalidate()
		return nil
	case key.Matches(msg, m.keys.left):
		return m.neighbour(-1)
	case key.Matches(msg, m.keys.right):
		return m.neighbour(1)
	case key.Matches(msg, m.keys.related):
		return m.related()
	}
	if cmd, ok := m.details.Press(msg); ok {
		return cmd
	}
	m.sayNothing(msg)
	return nil
}

// neighbour shows the details of the next row, or the one before.
func (m *Model) neighbour(delta int) tea.Cmd {
	before := m.list().Index()
	m.list().Move(delta)
	if m.list().Index() == before {
		m.say(noteHint, map[bool]string{true: "this is the first one", false: "this is the last one"}[delta < 0])
		return nil
	}
	return tea.Batch(m.openDetails(), m.want())
}

func (m *Model) pressList(msg tea.KeyMsg) tea.Cmd {
	if cmd, ok := m.pressPage(msg); ok {
		return cmd
	}
	if m.pressMove(msg) {
		return m.want()
	}
	if cmd, ok := m.pressSaved(msg); ok {
		return cmd
	}
	if cmd, ok := m.pressHand(msg); ok {
		return cmd
	}
	switch {
	case key.Matches(msg, m.keys.next):
		return m.show((m.page + 1) % m.pages())
	case key.Matches(msg, m.keys.previous):
		return m.show((m.page + m.pages() - 1) % m.pages())
	case key.Matches(msg, m.keys.details):
		return m.openDetails()
	case key.Matches(msg, m.keys.filter):
		return m.openFilter()
	case key.Matches(msg, m.keys.sort):
		cmd := m.commands.own(m.list().NextOrder())
		m.say(noteInfo, "sorted by "+m.list().OrderName())
		return cmd
	case key.Matches(msg, m.keys.copy):
		s, ok := m.subject()
		if !ok {
			m.say(noteHint, "nothing to copy: no row is selected")
			return nil
		}
		return m.copyID(s.Key.ID)
	case key.Matches(msg, m.keys.related):
		return m.related()
	case key.Matches(msg, m.keys.back):
		return m.stepBack()
	}
	m.sayNothing(msg)
	return nil
}

// stepBack undoes what stands between the reader and the whole list.
func (m *Model) stepBack() tea.Cmd {
	if m.list().Filter() != "" {
		m.say(noteInfo, "the filter is cleared")
		return m.setFilter("")
	}
	m.say(noteHint, "nothing to go back from; q quits")
	return nil
}

// pressMove takes the keys that move the cursor; false for others.
func (m *Model) pressMove(msg tea.KeyMsg) bool {
	const page = 2 // halves
	k, l := &m.keys, m.list()
	switch {
	case key.Matches(msg, k.up):
		l.Move(-1)
	case key.Matches(msg, k.down):
		l.Move(1)
	case key.Matches(msg, k.pageUp):
		l.Page(-page)
	case key.Matches(msg, k.pageDown):
		l.Page(page)
	case key.Matches(msg, k.halfUp):
		l.Page(-1)
	case key.Matches(msg, k.halfDown):
		l.Page(1)
	case key.Matches(msg, k.home):
		l.Home()
	case key.Matches(msg, k.end):
		l.End()
	default:
		return false
	}
	if shown, total := l.Len(); shown == 0 {
		m.say(noteHint, "nothing to move through: "+noRows(total))
	}
	return true
}

// noRows says why nothing is listed of a total.
func noRows(total int) string {
	if total > 0 {
		return "the filter hides all " + count(int64(total))
	}
	return "the list is empty"
}

func (m *Model) openDetails() tea.Cmd {
	s, ok := m.subject()
	if !ok {
		m.say(noteHint, "no details: no row is selected")
		return nil
	}
	m.list().Hold() // what is looked at does not move on
	m.detailed = true
	return m.details.Open(s)
}

// togglePause stops the screen, never the receiver. What comes meanwhile stays
// in the log, where it is read from afterwards.
func (m *Model) togglePause() tea.Cmd {
	if !m.ready {
		m.say(noteHint, "nothing to pause yet: the store is being read")
		return nil
	}
	m.paused = !m.paused
	for _, l := range []list{m.jobs, m.orders, m.events, m.undelivered} {
		l.SetPaused(m.paused) // webhooks change by their user's hand alone
	}
	if m.paused {
		m.countWaiting()
		return nil
	}
	m.wake()
	cmds := []tea.Cmd{m.want()}
	for p := range m.older {
		if held := m.older[p].held; held != nil {
			cmds = append(cmds, m.takeOlder(*held))
		}
	}
	return tea.Batch(cmds...)
}

// sayNothing says that a key has no meaning here.
func (m *Model) sayNothing(msg tea.KeyMsg) {
	name := msg.String()
	if strings.TrimSpace(name) == "" {
		return
	}
	m.say(noteHint, text.Clean(name, 20)+" does nothing here; ? shows the keys")
}
