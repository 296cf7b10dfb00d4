package tui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/theme"
)

// helpGroups are all keys: those of what is shown, those that work everywhere, those of a program
// around the screen, which gets them first, and the others.
func (m *Model) helpGroups() []keys.Group {
	groups := m.ownGroups()
	for i := range groups {
		groups[i] = groups[i].Without(m.o.MoreKeys)
	}
	const usual = 2
	return slices.Concat(groups[:usual], m.o.MoreKeys, groups[usual:])
}

func (m *Model) ownGroups() []keys.Group {
	k := m.keys
	lists := keys.Group{Title: "Lists", Keys: k.List()}
	details := keys.Group{Title: "Details", Keys: m.nav.details.Keys()}
	everywhere := keys.Group{Title: "Everywhere", Keys: k.Everywhere()}
	typing := keys.Group{Title: "While a filter is typed", Keys: []key.Binding{k.Keep, k.Clear, k.Accept}}
	webhooks := keys.Group{Title: "Webhooks", Keys: m.pages.webhooks.Keys()}
	filters := keys.Group{Title: "Filters", Keys: m.filters.Help()}
	legend := legend(m.o.Theme)
	mouse, over := mouseKeys(m.o.NoMouse), keys.Group{Title: "Overview", Keys: m.pages.overview.Keys()}
	switch {
	case m.pages.current == onWebhooks:
		return []keys.Group{webhooks, everywhere, typing, legend, lists, details, filters, mouse, over}
	case m.nav.detailed:
		return []keys.Group{details, everywhere, typing, filters, legend, lists, webhooks, mouse, over}
	case m.pages.current == onOverview:
		return []keys.Group{over, everywhere, legend, lists, typing, filters, details, webhooks, mouse}
	default:
		return []keys.Group{lists, everywhere, typing, filters, legend, details, webhooks, mouse, over}
	}
}

// mouseKeys say what the mouse does.
func mouseKeys(off bool) keys.Group {
	group := keys.Group{Title: "Mouse"}
	if off {
		group.Keys = []key.Binding{keys.Line("off", "by --no-mouse")}
		return group
	}
	group.Keys = []key.Binding{
		keys.Line("wheel", "scroll what is under it"),
		keys.Line("a row", "go there; again: open"),
		keys.Line("a title", "sort; again: reverse"),
		keys.Line("a tab, a key", "go there; press it"),
		keys.Line("the edge", "drag: room for details"),
		keys.Line("with shift", "select text, as ever"),
	}
	return group
}

// legend has the glyphs, and words that need an explanation, for the help. They look as they
// do in the tables.
func legend(th *theme.Theme) keys.Group {
	group, g := keys.Group{Title: "What the marks mean"}, &th.Glyphs
	for _, m := range []struct {
		style       theme.Style
		mark, means string
	}{
		{th.Progress, g.Progress, "in progress"},
		{th.Trouble, g.Trouble, "in trouble: UP42 acts"},
		{th.Waiting, g.Waiting, "needs you: UP42 waits"},
		{th.Success, g.Succeeded, "succeeded; a step passed"},
		{th.Failure, g.Failed, "failed, or rejected"},
		{th.Cancel, g.Cancelled, "cancelled"},
		{th.Bold, g.Ended, "final, status not known"},
		{th.Success, g.Verified, "verified or trusted"},
		{th.Mark, g.Partial, "partial: not all proved"},
		{th.Mark, g.Unsigned, "unsigned: less trusted"},
		{th.Mark, g.Conflict, "conflict: id came twice"},
		{th.Mark, "TEST", "made of test events"},
		{th.Bold, "2/3 tasks", "2 of 3 tasks are over"},
		{th.Mark, "admitted +", "was rejected at first"},
		{th.Mark, "API", "reported by UP42's API"},
		{th.Dim, g.APILink + g.Succeeded, "steps before not known"},
		{th.Bold, "unmatched", "request, no delivery"},
		{th.Dim, "following", "stays on the first line"},
	} {
		group.Keys = append(group.Keys, keys.Line(m.mark, m.means))
		group.Styles = append(group.Styles, m.style)
	}
	return group
}
