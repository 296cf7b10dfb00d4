package tui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/remembered"
)

// keeper takes up the state of the screen at the start, and has it written down when it has
// changed.
type keeper struct {
	nav   *navigator
	write func(context.Context, remembered.State) // nil: nothing is remembered
	// initial are the orders of the lists at a first start.
	initial [pageCount]string
	given   remembered.State
	last    map[string]string // filters that were cleared, by pages
	// saved is what was written down last. It is nil after another Model, which may not have
	// written what the user did at its end.
	saved *remembered.State
	// restored: what was given is taken up.
	restored, underWay bool
}

func newKeeper(nav *navigator, o *Options) *keeper {
	given := o.Remembered
	k := &keeper{nav: nav, write: o.Remember, given: given, last: o.Session.View.Last}
	if !o.Session.Began {
		k.saved = &given
	}
	for p, l := range nav.pages.lists() {
		k.initial[p] = l.OrderName()
	}
	nav.pane.Hidden, nav.pane.Width = given.Pane.Hidden, given.Pane.Width
	for p := range pageCount {
		if p != onUndelivered && p.name() == given.Page {
			nav.pages.current = p
		}
	}
	return k
}

// chose reports whether there is a page that the user has left the last time.
func (k *keeper) chose() bool { return k.given.Page != "" }

// restore takes up orders and filters, once the store is read.
func (k *keeper) restore() tea.Cmd {
	k.restored = true
	var cmds []tea.Cmd
	for p, l := range k.nav.pages.lists() {
		k.nav.filters.Note(l, k.last[pageID(p).name()])
		was, ok := k.given.Lists[pageID(p).name()]
		if !ok {
			continue
		}
		if s, sorts := l.(interface{ SortBy(name string) tea.Cmd }); sorts && was.Sort != "" {
			cmds = append(cmds, k.nav.commands.Own(s.SortBy(was.Sort), l.Update))
		}
		checked, checks := l.(interface {
			Check(expr string) *filter.Error
		})
		if was.Filter != "" && l.Filter() == "" && !(checks && checked.Check(was.Filter) != nil) {
			cmds = append(cmds, k.nav.filters.Restore(l, was.Filter))
		}
	}
	if onUndelivered.name() == k.given.Page && k.nav.hasTargets() {
		cmds = append(cmds, k.nav.goTo(onUndelivered))
	}
	return tea.Batch(cmds...)
}

// now is how the user looks at the screen. Until the store is read, the lists are as they were given.
func (k *keeper) now() remembered.State {
	if k.restored {
		return k.state()
	}
	s := k.given
	s.Pane = k.pane()
	if k.nav.chose {
		s.Page = k.nav.pages.current.name()
	}
	return s
}

func (k *keeper) pane() remembered.Pane {
	return remembered.Pane{Hidden: k.nav.pane.Hidden, Width: k.nav.pane.Width}
}

// state is how the user looks at the screen once the store is read. What the steps to other pages
// changed does not count, and neither does the first page while the user has gone to no other.
func (k *keeper) state() remembered.State {
	n := k.nav
	page, filters, orders := n.pages.current, n.filtersNow(), n.ordersNow()
	for i := len(n.trail) - 1; i >= 0; i-- {
		s := &n.trail[i]
		if page = s.page; filters[s.to] == s.filter {
			filters[s.to] = s.before
		}
		if s.order != "" {
			orders[s.to] = s.order
		}
	}
	state := remembered.State{Pane: k.pane(), Lists: map[string]remembered.List{}, Filters: n.filters.History.All()}
	if n.chose || k.chose() {
		state.Page = page.name()
	}
	for p := range n.pages.lists() {
		is := remembered.List{Filter: filters[p]}
		if orders[p] != k.initial[p] {
			is.Sort = orders[p]
		}
		if is != (remembered.List{}) {
			state.Lists[pageID(p).name()] = is
		}
	}
	return state
}

// changed returns the state if it is to be written down.
func (k *keeper) changed() (s remembered.State, ok bool) {
	if k.write == nil {
		return s, false
	}
	s = k.now()
	return s, k.saved == nil || !s.Equal(k.saved)
}

// tick writes the state down if it has changed.
func (k *keeper) tick(run command.Runner) tea.Cmd {
	s, ok := k.changed()
	if !ok || k.underWay {
		return nil
	}
	k.underWay, k.saved = true, &s
	write := func(ctx context.Context) struct{} {
		k.write(ctx, s)
		return struct{}{}
	}
	return command.Ask(run, write, func(struct{}) tea.Cmd {
		k.underWay = false
		return nil
	})
}

// end writes down the last state. No command runs any more.
func (k *keeper) end(ctx context.Context) {
	if s, ok := k.changed(); ok {
		k.saved = &s
		k.write(ctx, s)
	}
}
