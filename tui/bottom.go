package tui

import (
	"fmt"
	"slices"

	"github.com/charmbracelet/bubbles/key"

	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// labels collects the labels of the rule below the page. Those that matter least
// come first.
type labels []frame.Label

func (ls *labels) add(s string, style theme.Style) {
	if s != "" {
		*ls = append(*ls, frame.Label{Text: s, Style: style})
	}
}

// labels say how the user looks at the page: filter, order, pause, position.
func (m *Model) labels(counts *counter) (ls labels) {
	th, l := m.o.Theme, m.pages.list()
	if m.help.Shown() {
		ls.add(text.Clean(m.home.Shorten(m.o.Receiver.Store), m.canvas.W/2), th.Dim)
		ls.add("up42hooks "+text.Clean(m.o.Version, 20), th.Dim)
		ls.add(m.help.Where(), th.Plain)
		return ls
	}
	if m.detailed {
		ls.add(m.details.Where(), th.Dim)
	} else {
		m.listLabels(&ls, counts)
	}
	ls.add(m.forwarding.UnderWay(), th.Accent)
	if m.pages.paused() && m.pages.current != onWebhooks {
		ls.add(fmt.Sprintf("PAUSED +%s new", number.Format(int64(l.New()))), th.Mark)
	}
	if shown, _ := l.Len(); shown > 0 {
		ls.add(fmt.Sprintf("%s/%s", number.Format(int64(l.Index()+1)), number.Format(int64(shown))), th.Plain)
	}
	return ls
}

// listLabels are the labels of a list.
func (m *Model) listLabels(ls *labels, counts *counter) {
	th, l, p := m.o.Theme, m.pages.list(), m.pages.current
	shown, total := l.Len()
	if live := shown > 0 && !m.pages.paused() && p != onWebhooks; live && l.Follows() {
		ls.add("following", th.Dim)
	} else if live {
		ls.add("g follows", th.Dim)
	}
	ls.add("sort: "+l.OrderName(), th.Dim)
	ls.add(counts.unread(), th.Dim)
	if k, ok := p.kind(); ok {
		ls.add(m.account.Missing(k), th.Mark)
	}
	if f := m.filters.Saved.Title(l.Filter()); f != "" {
		words := fmt.Sprintf("filter: %s (%s of %s)", f, number.Format(int64(shown)), number.Format(int64(total)))
		*ls = append(*ls, frame.Label{Text: words, Style: th.Accent, Brief: "filtered"})
	}
	if l.Busy() {
		ls.add("working"+th.Glyphs.Ellipsis, th.Dim)
	}
}

// footer has the keys that matter now.
func (m *Model) footer() string {
	k, end := m.keys, []keys.Hint{keys.HintOf(m.keys.Help), {Keys: "q", Does: "quit"}}
	var hints, forward, refresh []keys.Hint
	if p := m.pages.current; m.forwarding.HasTargets() && (p == onEvents || p == onUndelivered) {
		forward = []keys.Hint{{Keys: "f", Does: "forward"}, {Keys: "F", Does: "to a URL"}}
	}
	if m.o.API != nil {
		refresh = []keys.Hint{keys.HintOf(k.Refresh)}
	}
	switch {
	case m.help.Shown():
		hints = []keys.Hint{{Keys: "↑↓", Does: "scroll"}, {Keys: "any other key", Does: "back"}}
	case m.detailed:
		hints = slices.Concat([]keys.Hint{
			{Keys: "↑↓", Does: "scroll"}, {Keys: "esc", Does: "back"}, {Keys: "←→", Does: "previous, next"}, {Keys: "tab", Does: "section"},
			keys.HintOf(k.Copy), keys.HintOf(k.CopyBody),
		}, forward, refresh)
	case m.pages.current == onWebhooks:
		hints = m.webhooksHints()
		if m.captured() {
			end = []keys.Hint{{Keys: "ctrl+c", Does: "quit"}} // help and quit are letters of the form
		}
	default:
		hints = slices.Concat([]keys.Hint{{Keys: "↑↓", Does: "move"}, keys.HintOf(k.Details), keys.HintOf(k.Filter)}, forward, m.listHints(), refresh)
	}
	return m.canvas.Footer(hints, end)
}

func (m *Model) listHints() []keys.Hint {
	k := m.keys
	pause, related := keys.HintOf(k.Pause), keys.Hint{Keys: "e", Does: "its events"}
	if m.pages.paused() {
		pause.Does = "go on"
	}
	if m.pages.current > onOrders {
		related.Does = "its row"
	}
	return []keys.Hint{keys.HintOf(k.Sort), pause, keys.HintOf(k.Copy), related, m.pagesHint()}
}

func (m *Model) pagesHint() keys.Hint {
	return keys.Hint{Keys: fmt.Sprintf("1-%d", m.pageCount()), Does: "pages"}
}

func (m *Model) webhooksHints() (hints []keys.Hint) {
	for _, b := range m.pages.webhooks.Hints() {
		hints = append(hints, keys.HintOf(b))
	}
	if len(hints) == 0 {
		return []keys.Hint{m.pagesHint()}
	}
	return hints
}

// marks are the glyphs, and words that need an explanation, for the help.
func marks(th *theme.Theme) []key.Binding {
	g := &th.Glyphs
	return []key.Binding{
		keys.Line(g.Progress, "under way"),
		keys.Line(g.Succeeded, "succeeded; a step passed"),
		keys.Line(g.Failed, "failed, or rejected"),
		keys.Line(g.Cancelled, "cancelled"),
		keys.Line(g.Ended, "over, not known how"),
		keys.Line(g.Verified, "verified or trusted"),
		keys.Line(g.Partial, "partial: body unproved"),
		keys.Line(g.Unsigned, "unsigned; of less trust"),
		keys.Line("API", "UP42 lists it itself"),
		keys.Line("unmatched", "request, no delivery"),
		keys.Line("following", "keeps to the first line"),
	}
}
