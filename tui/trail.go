package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/overview"
	"github.com/up42/up42-webhooks/tui/text"
)

// step is a step from a row to what belongs to it on another page. esc goes back.
type step struct {
	page            pageID // where it was taken
	detailed, whole bool
	subject         detail.Subject
	// to is the page that it led to. before is the filter of that page before the step, and
	// filter the one after it.
	to             pageID
	before, filter string
	// order is the order of that page before the step. "": it did not change.
	order string
	// name says what the step from the overview is about.
	name string
}

// here is a step that is taken now.
func (n *navigator) here() step {
	s, _ := n.subject()
	return step{page: n.pages.current, detailed: n.detailed, whole: n.whole, subject: s}
}

// filtersNow are the filters of all pages.
func (n *navigator) filtersNow() (filters [pageCount]string) {
	for p, l := range n.pages.lists() {
		filters[p] = l.Filter()
	}
	return filters
}

// ordersNow are the orders of all pages.
func (n *navigator) ordersNow() (orders [pageCount]string) {
	for p, l := range n.pages.lists() {
		orders[p] = l.OrderName()
	}
	return orders
}

// back undoes the last step to another page. If the user has filtered there, it first undoes
// that. ok is false if there is no step.
func (n *navigator) back() (cmd tea.Cmd, ok bool) {
	if n.detailed || len(n.trail) == 0 {
		return nil, false
	}
	s, l := n.trail[len(n.trail)-1], n.pages.list()
	if f := l.Filter(); f != s.filter && f != "" {
		n.say.Info("the filter is as before")
		return n.filters.Set(l, s.filter), true
	}
	return n.undo(), true
}

// undo goes back to where the last step was taken.
func (n *navigator) undo() (cmd tea.Cmd) {
	s, l := n.trail[len(n.trail)-1], n.pages.list()
	n.trail = n.trail[:len(n.trail)-1]
	if s.before != s.filter {
		cmd = n.filters.Set(l, s.before)
	}
	cmd = tea.Batch(cmd, n.sort(s.to, s.order), n.show(s.page))
	if s.detailed {
		n.detailed, n.whole = true, s.whole
		return tea.Batch(cmd, n.details.Open(s.subject))
	}
	return cmd
}

// backHint says what esc does on a list, or returns nothing.
func (n *navigator) backHint() []keys.Hint {
	switch {
	case len(n.trail) > 0:
		return []keys.Hint{{Keys: keys.First(n.keys.Back), Does: "back"}}
	case n.pages.list().Filter() != "":
		return []keys.Hint{{Keys: keys.First(n.keys.Back), Does: "show all"}}
	default:
		return nil
	}
}

// cameFrom reports whether the last step to this page was from the row of a key.
func (n *navigator) cameFrom(k receiver.Key) bool {
	if len(n.trail) == 0 {
		return false
	}
	s := &n.trail[len(n.trail)-1]
	return s.to == n.pages.current && s.subject.Seq == 0 && s.subject.Key == k
}

// filteredByStep reports whether the list is filtered by the last step and not by the user.
func (n *navigator) filteredByStep() bool {
	return len(n.trail) > 0 && n.trail[len(n.trail)-1].filter == n.pages.list().Filter()
}

// crumbs are the steps to what is shown, clean. A page has no steps.
func (n *navigator) crumbs() (names []string) {
	page := n.pages.current
	if len(n.trail) > 0 {
		page = n.trail[0].page
	}
	names = append(names, page.String())
	for _, s := range n.trail {
		names = append(names, s.title(), strings.ToLower(s.to.String()))
	}
	if n.detailed {
		names = append(names, subjectName(n.details.Subject()))
	}
	if len(names) == 1 {
		return nil
	}
	return names
}

// title says what the step is about.
func (s *step) title() string {
	if s.name != "" {
		return s.name
	}
	return subjectName(s.subject)
}

// subjectName is the number of a delivery, or the start of the id of a row.
func subjectName(s detail.Subject) string {
	if s.Seq != 0 {
		return receiver.Number{Seq: s.Seq, Rejected: s.Rejected}.String()
	}
	const short = 8 // of a UUID
	id := s.Key.ID
	if len(id) == 36 && id[short] == '-' {
		id = id[:short]
	}
	return text.Clean(id, 16)
}

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
