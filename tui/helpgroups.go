package tui

import (
	"github.com/charmbracelet/bubbles/key"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/theme"
)

// helpGroups are all keys. Those of what is shown come first.
func (m *Model) helpGroups() []keys.Group {
	k := m.keys
	lists := keys.Group{Title: "Lists", Keys: k.List()}
	details := keys.Group{Title: "Details", Keys: m.nav.details.Keys()}
	everywhere := keys.Group{Title: "Everywhere", Keys: k.Everywhere()}
	typing := keys.Group{Title: "While a filter is typed", Keys: []key.Binding{k.Keep, k.Clear, k.Accept}}
	webhooks := keys.Group{Title: "Webhooks", Keys: m.pages.webhooks.Keys()}
	filters := keys.Group{Title: "Filters", Keys: m.filters.Help()}
	marks := keys.Group{Title: "What the marks mean", Keys: marks(m.o.Theme)}
	switch {
	case m.pages.current == onWebhooks:
		return []keys.Group{webhooks, everywhere, typing, marks, lists, details, filters}
	case m.nav.detailed:
		return []keys.Group{details, everywhere, typing, filters, marks, lists, webhooks}
	default:
		return []keys.Group{lists, everywhere, typing, filters, marks, details, webhooks}
	}
}

// marks are the glyphs, and words that need an explanation, for the help.
func marks(th *theme.Theme) []key.Binding {
	g := &th.Glyphs
	return []key.Binding{
		keys.Line(g.Progress, "in progress"),
		keys.Line(g.Trouble, "in trouble: UP42 acts"),
		keys.Line(g.Waiting, "needs you: UP42 waits"),
		keys.Line(g.Succeeded, "succeeded; a step passed"),
		keys.Line(g.Failed, "failed, or rejected"),
		keys.Line(g.Cancelled, "cancelled"),
		keys.Line(g.Ended, "final, status not known"),
		keys.Line(g.Verified, "verified or trusted"),
		keys.Line(g.Partial, "partial: not all proved"),
		keys.Line(g.Unsigned, "unsigned: less trusted"),
		keys.Line(g.Conflict, "conflict: id came twice"),
		keys.Line("TEST", "made of test events"),
		keys.Line("2/3 tasks", "2 of 3 tasks are over"),
		keys.Line("admitted +", "was rejected at first"),
		keys.Line("API", "reported by UP42's API"),
		keys.Line("unmatched", "request, no delivery"),
		keys.Line("following", "stays on the first line"),
	}
}
