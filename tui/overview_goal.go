package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/overview"
)

// What follows leads from the overview to lists and details, and back.

// listed are the pages of the overview's goals.
var listed = [...]pageID{
	overview.Jobs: onJobs, overview.Orders: onOrders, overview.Events: onEvents, overview.Webhooks: onWebhooks, overview.Undelivered: onUndelivered,
}

// openGoal opens what a number or a line of the overview leads to. esc comes back.
func (n *navigator) openGoal(g overview.Goal) tea.Cmd {
	if g.Row.ID != "" {
		n.detailed = true
		return n.details.Open(detail.Subject{Key: g.Row})
	}
	to := listed[g.List]
	if to == onUndelivered && !n.hasTargets() {
		return n.showUndelivered()
	}
	here, l := n.here(), n.pages.lists()[to]
	here.name, here.to, here.before, here.filter, here.order = g.Name, to, l.Filter(), g.Filter, l.OrderName()
	cmd := tea.Batch(n.sort(to, g.Order), n.filters.Set(l, g.Filter), n.show(to))
	n.trail = append(n.trail, here)
	return cmd
}

// sort sorts a list in the order of that name. "" leaves it as it is.
func (n *navigator) sort(p pageID, order string) tea.Cmd {
	l := n.pages.lists()[p]
	if s, sorts := l.(interface{ SortBy(name string) tea.Cmd }); sorts && order != "" && order != l.OrderName() {
		return n.commands.Own(s.SortBy(order), l.Update)
	}
	return nil
}
