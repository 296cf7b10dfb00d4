package tui

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/pane"
	"github.com/up42/up42-webhooks/tui/prompt"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/text"
)

// navigator knows which page or details the user looks at, and goes to others.
type navigator struct {
	keys    *keys.Map
	pages   *pages
	details *detail.Page
	// detailed: the keys go to the details. whole: they have the whole screen, although there
	// is room for a pane.
	detailed, whole bool
	pane            pane.Pane
	canvas          *frame.Canvas
	trail           []step
	// chose: the user has gone to a page.
	chose    bool
	filters  *prompt.Filters
	commands *command.Pool
	say      note.Say
	// hasTargets reports whether there is a page of undelivered events.
	hasTargets func() bool
}

// shown is what keys go to: the page, or the details.
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

// goTo shows a page because the user wants this page: there is no step back.
func (n *navigator) goTo(p pageID) tea.Cmd {
	n.trail, n.chose = nil, true
	return n.show(p)
}

// show shows a page.
func (n *navigator) show(p pageID) tea.Cmd {
	n.pages.current, n.detailed, n.whole = p, false, false
	n.pages.list().Invalidate()
	cmd := n.renewFilter()
	if p == onUndelivered {
		return tea.Batch(cmd, n.pages.undelivered.ReadAfter(time.Second))
	}
	return cmd
}

// showBeside shows the page after the current one, or before it.
func (n *navigator) showBeside(delta pageID) tea.Cmd {
	return n.goTo((n.pages.current + n.count() + delta) % n.count())
}

func (n *navigator) showUndelivered() tea.Cmd {
	if !n.hasTargets() {
		n.say.Hint(keys.First(n.keys.Undelivered) + " lists events that could not be forwarded; forwarding is off: start up42hooks with --forward-to URL")
		return nil
	}
	return n.goTo(onUndelivered)
}

// choose shows the page of a tab.
func (n *navigator) choose(p pageID) tea.Cmd {
	if p == onUndelivered {
		return n.showUndelivered()
	}
	return n.goTo(p)
}

// renewFilter updates a filter that depends on the time, such as since:10m.
func (n *navigator) renewFilter() tea.Cmd {
	l := n.pages.list()
	if t, ok := l.(interface{ Tick() tea.Cmd }); ok {
		return n.commands.Own(t.Tick(), l.Update)
	}
	return nil
}

// searchAgain takes the keys for matches on a list whose filter was cleared: the last filter is set
// again, and the cursor goes to the match after its row, or before. ok is false for other keys, and
// if there was no filter.
func (n *navigator) searchAgain(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	l, k := n.pages.list(), n.keys
	if n.detailed || msg.Paste || !key.Matches(msg, k.NextMatch, k.PreviousMatch) || n.pages.webhooks.Over() && n.pages.current == onWebhooks {
		return nil, false
	}
	l.Hold()
	before, _ := n.pages.subject()
	if cmd, ok = n.filters.Again(l); !ok {
		return nil, false
	}
	at, _ := n.pages.subject()
	switch forward := key.Matches(msg, k.NextMatch); {
	case l.Busy(): // the cursor stays near its row
	case forward && at == before:
		l.Move(1)
	case !forward:
		l.Move(-1)
	}
	return cmd, true
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

// openDetails gives the keys to the details: in the pane, or else on the whole screen.
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
	followed := n.beside()
	n.detailed = true
	if followed {
		return n.details.Follow(s)
	}
	return n.details.Open(s)
}

// closeDetails goes one step back: from the whole screen to the pane, from there to the list.
func (n *navigator) closeDetails() {
	if n.whole && n.hasPane() {
		n.whole = false
		return
	}
	n.detailed, n.whole = false, false
	n.pages.list().Invalidate()
}

// leaveDetails gives the keys to the list again.
func (n *navigator) leaveDetails() {
	if n.detailed {
		n.detailed, n.whole = false, false
		n.pages.list().Invalidate()
	}
}

// toggleWhole gives the details the whole screen, or only the pane. Without a pane it closes
// them.
func (n *navigator) toggleWhole() {
	if n.beside() {
		n.whole = true
		return
	}
	n.closeDetails()
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

// showRelated goes from a row to its events, and from an event to its row. There is a step
// back.
func (n *navigator) showRelated() tea.Cmd {
	here, filters, steps := n.here(), n.filtersNow(), len(n.trail)
	cmd := n.goRelated()
	if to := n.pages.current; to != here.page && len(n.trail) == steps {
		here.to, here.before, here.filter = to, filters[to], n.pages.list().Filter()
		n.trail = append(n.trail, here)
	}
	return cmd
}

func (n *navigator) goRelated() tea.Cmd {
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
	case n.cameFrom(s.Key):
		return n.undo()
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

// goesBack says how to go back.
func (n *navigator) goesBack() string { return "; " + keys.First(n.keys.Back) + " goes back" }

// showRow lists only a row, which the page does not keep.
func (n *navigator) showRow(k receiver.Key, rows *status.Page, page pageID) tea.Cmd {
	shown := n.show(page)
	n.say.Info("the " + string(k.Kind) + " " + text.Clean(k.ID, 40) + n.goesBack())
	return tea.Batch(shown, n.filters.Set(rows, filter.OfRow(k).String()))
}

// showEventsOf lists only the events of a row.
func (n *navigator) showEventsOf(k receiver.Key) tea.Cmd {
	n.pages.list().Hold() // the step back leads to this row
	shown := n.show(onEvents)
	events := "the events of "
	if k.Test {
		events = "the test events of "
	}
	n.say.Info(events + text.Clean(k.ID, 40) + n.goesBack())
	return tea.Batch(shown, n.filters.Set(n.pages.events, filter.OfRow(k).String()))
}
