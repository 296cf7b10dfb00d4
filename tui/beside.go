package tui

import (
	"fmt"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/follow"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/pane"
	"github.com/up42/up42-webhooks/tui/status"
)

// What follows shows the details of the row under the cursor beside the list.

// detailing is a page whose rows have details.
type detailing interface{ Subject() (detail.Subject, bool) }

// placesPane reports whether details can be beside the page. The overview takes all the room.
func (n *navigator) placesPane() bool {
	_, ok := n.pages.list().(detailing)
	return ok && n.pages.current != onOverview
}

// hasPane reports whether there is a pane for details: the screen is wide enough, the user
// wants it, and the page has rows with details.
func (n *navigator) hasPane() bool {
	if !n.placesPane() || !n.pane.Open(n.canvas.W) {
		return false
	}
	_, total := n.pages.list().Len()
	return total > 0
}

// beside reports whether the details are beside the list.
func (n *navigator) beside() bool { return n.hasPane() && !(n.detailed && n.whole) }

// detailsShown reports whether the details are on the screen.
func (n *navigator) detailsShown() bool { return n.detailed || n.beside() }

// followCursor shows the details of the row under the cursor in the pane.
func (n *navigator) followCursor() tea.Cmd {
	if n.detailed || !n.beside() {
		return nil
	}
	switch s, ok := n.pages.subject(); {
	case !ok:
		n.details.Clear()
		return nil
	case s.Unread && s.Seq == 0:
		return nil // only the number of the row is known: it is being read
	default:
		return n.details.Follow(s)
	}
}

// refreshDetails loads the details again if their row changed.
func (n *navigator) refreshDetails(b *follow.Batch) tea.Cmd {
	k := n.details.Subject().Key
	if !n.detailsShown() || n.pages.paused() {
		return nil
	}
	rows := b.Orders
	if k.Kind == receiver.Job {
		rows = b.Jobs
	}
	for _, r := range rows {
		if r.TableID() == status.ID(k) {
			return n.details.Refresh(k)
		}
	}
	return nil
}

// pressPane takes the keys of the pane.
func (n *navigator) pressPane(msg tea.KeyMsg) (ok bool) {
	switch k := n.keys; {
	case key.Matches(msg, k.Pane):
		n.togglePane()
	case key.Matches(msg, k.Wider):
		n.movePane(1)
	case key.Matches(msg, k.Narrower):
		n.movePane(-1)
	default:
		return false
	}
	return true
}

// togglePane shows or hides the pane.
func (n *navigator) togglePane() {
	if !n.paneFits() {
		return
	}
	if n.detailed && n.whole && n.hasPane() { // it is there, behind the details
		n.whole = false
		return
	}
	n.pane.Hidden = !n.pane.Hidden
	n.whole = false
	if n.pane.Hidden {
		n.detailed = false
	}
	n.pages.list().Invalidate()
}

func (n *navigator) movePane(delta int) {
	switch {
	case !n.paneFits():
	case !n.beside():
		n.say.Hint("no details are beside the list: " + keys.First(n.keys.Pane) + " shows them there")
	case !n.pane.Move(n.canvas.W, delta):
		n.say.Hint("the edge between the list and the details can't go further")
	}
}

// paneFits says why there is no pane, if the screen or the page has none.
func (n *navigator) paneFits() bool {
	switch {
	case !n.placesPane():
		n.say.Hint("no details are shown beside this page")
	case !pane.Fits(n.canvas.W):
		n.say.Hint(fmt.Sprintf("details beside the list need %d columns, and this terminal has %d: %s opens them", pane.From, n.canvas.W, keys.First(n.keys.Details)))
	default:
		return true
	}
	return false
}
