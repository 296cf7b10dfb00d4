package tui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/prompt"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/text"
)

// navigator knows which page or details the user looks at, and goes to others.
type navigator struct {
	pages    *pages
	details  *detail.Page
	detailed bool // the details are shown
	filters  *prompt.Filters
	commands *command.Pool
	say      note.Say
	// hasTargets reports whether there is a page of undelivered events.
	hasTargets func() bool
}

// shown is the page, or the details.
func (n *navigator) shown() page {
	if n.detailed {
		return n.details
	}
	return n.pages.list()
}

// count is how many pages there are. That of undelivered events is the last one.
func (n *navigator) count() pageID {
	if n.hasTargets() {
		return pageCount
	}
	return onUndelivered
}

// show shows a page.
func (n *navigator) show(p pageID) tea.Cmd {
	n.pages.current, n.detailed = p, false
	n.pages.list().Invalidate()
	cmd := n.renewFilter()
	if p == onUndelivered {
		return tea.Batch(cmd, n.pages.undelivered.ReadAfter(time.Second))
	}
	return cmd
}

// showBeside shows the page after the current one, or before it.
func (n *navigator) showBeside(delta pageID) tea.Cmd {
	return n.show((n.pages.current + n.count() + delta) % n.count())
}

func (n *navigator) showUndelivered() tea.Cmd {
	if !n.hasTargets() {
		n.say.Hint("5 lists events that could not be forwarded; forwarding is off: start up42hooks with --forward-to URL")
		return nil
	}
	return n.show(onUndelivered)
}

// renewFilter updates a filter that depends on the time, such as since:10m.
func (n *navigator) renewFilter() tea.Cmd {
	l := n.pages.list()
	if t, ok := l.(interface{ Tick() tea.Cmd }); ok {
		return n.commands.Own(t.Tick(), l.Update)
	}
	return nil
}

// subject is what the user looks at.
func (n *navigator) subject() (detail.Subject, bool) {
	if n.detailed {
		return n.details.Subject(), true
	}
	return n.pages.subject()
}

func (n *navigator) selection() forwarding.Selection {
	p := n.pages.current
	s := forwarding.Selection{Lists: p == onEvents || p == onUndelivered, Undelivered: p == onUndelivered}
	if subject, ok := n.subject(); ok {
		s.Subject = &subject
	}
	return s
}

func (n *navigator) openDetails() tea.Cmd {
	s, ok := n.pages.subject()
	if !ok {
		n.say.Hint("no details: no row is selected")
		return nil
	}
	if s.Unread && s.Seq == 0 {
		n.say.Hint("no details yet: the row is being read")
		return nil
	}
	n.pages.list().Hold() // the cursor stays on what the user looks at
	n.detailed = true
	return n.details.Open(s)
}

func (n *navigator) closeDetails() {
	n.detailed = false
	n.pages.list().Invalidate()
}

// showNeighbour shows the details of the next row, or of the one before.
func (n *navigator) showNeighbour(delta int) tea.Cmd {
	l := n.pages.list()
	before := l.Index()
	l.Move(delta)
	switch {
	case l.Index() != before:
		return n.openDetails()
	case delta < 0:
		n.say.Hint("this is the first one")
	default:
		n.say.Hint("this is the last one")
	}
	return nil
}

// showRelated goes from a row to its events, and from an event to its row.
func (n *navigator) showRelated() tea.Cmd {
	s, ok := n.subject()
	rows, id, hasRows := n.pages.rows(s.Key.Kind)
	switch {
	case !ok:
		n.say.Hint("nothing to go to: no row is selected")
	case s.Unread:
		n.say.Hint("nothing to go to yet: the row is being read")
	case !hasRows || strings.TrimSpace(s.Key.ID) == "":
		n.say.Hint("nothing to go to: this delivery names no order or job")
	case s.Seq == 0:
		return n.showEventsOf(s.Key)
	case rows.Select(status.ID(s.Key)):
		return n.show(id)
	case rows.HasOlder():
		return n.showRow(s.Key, rows, id)
	case rows.Filter() != "":
		n.say.Hint("its " + string(s.Key.Kind) + " is not listed: the filter there hides it, or it is not read yet")
	default:
		n.say.Hint("its " + string(s.Key.Kind) + " is not listed: it is not read yet, or has no row")
	}
	return nil
}

// showRow lists only a row, which the page does not keep.
func (n *navigator) showRow(k receiver.Key, rows *status.Page, page pageID) tea.Cmd {
	shown := n.show(page)
	n.say.Info("the " + string(k.Kind) + " " + text.Clean(k.ID, 40) + "; esc shows all again")
	return tea.Batch(shown, n.filters.Set(rows, filter.OfRow(k).String()))
}

// showEventsOf lists only the events of a row.
func (n *navigator) showEventsOf(k receiver.Key) tea.Cmd {
	shown := n.show(onEvents)
	events := "the events of "
	if k.Test {
		events = "the test events of "
	}
	n.say.Info(events + text.Clean(k.ID, 40) + "; esc shows all again")
	return tea.Batch(shown, n.filters.Set(n.pages.events, filter.OfRow(k).String()))
}
