package tui

import (
	"fmt"

	"github.com/up42/up42-webhooks/tui/frame"
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
	switch {
	case m.nav.detailed:
		ls.add(m.nav.details.Where(), th.Dim)
		if s := m.nav.details.Sought(); s != "" {
			ls.add("/"+s, th.Accent)
		}
	case m.pages.current == onOverview:
		m.overviewLabels(&ls, counts)
	default:
		m.listLabels(&ls, counts)
	}
	ls.add(m.forwarding.UnderWay(), th.Accent)
	ls.add(m.offer.UnderWay(), th.Accent)
	marking{m}.addLabels(&ls, th)
	if m.pages.paused() && m.pages.current != onWebhooks {
		ls.add(fmt.Sprintf("PAUSED +%s new", number.Format(int64(l.NewRows()))), th.Mark)
	}
	if shown, _ := l.Len(); shown > 0 && m.pages.current != onOverview {
		ls.add(fmt.Sprintf("%s/%s", number.Format(int64(l.Index()+1)), number.Format(int64(shown))), th.Plain)
	}
	return ls
}

// overviewLabels are the labels of the overview: of how many rows its numbers are, and how much
// of it is below.
func (m *Model) overviewLabels(ls *labels, counts *counter) {
	th := m.o.Theme
	pin, offered := m.pinning.Label()
	if !offered {
		ls.add(pin, th.Dim)
	}
	ls.add(counts.unreadRows(), th.Dim)
	if offered {
		ls.add(pin, th.Accent)
	}
	ls.add(m.pages.overview.Where(), th.Dim)
}

// listLabels are the labels of a list.
func (m *Model) listLabels(ls *labels, counts *counter) {
	th, l, p := m.o.Theme, m.pages.list(), m.pages.current
	pin, offered := m.pinning.Label()
	if p == onWebhooks {
		pin = "" // the page has a key of its own for that
	}
	if !offered {
		ls.add(pin, th.Dim)
	}
	shown, total := l.Len()
	if live := shown > 0 && !m.pages.paused() && p != onWebhooks; live && l.Follows() {
		ls.add("following", th.Dim)
	} else if live {
		ls.add("g follows", th.Dim)
	}
	ls.add("sort: "+l.OrderName(), th.Dim)
	if n := counts.waiting(p); n > 0 {
		words := fmt.Sprintf("%s %s", th.Glyphs.Waiting, number.Of(int64(n), "needs you", "need you"))
		ls.add(words, th.Waiting)
	}
	ls.add(counts.unread(), th.Dim)
	if k, ok := p.kind(); ok {
		ls.add(m.account.Missing(k), th.Mark)
	}
	if offered {
		ls.add(pin, th.Accent)
	}
	if f := m.filters.Saved.Title(l.Filter()); f != "" && m.nav.filteredByStep() {
		ls.add(fmt.Sprintf("%s of %s", number.Format(int64(shown)), number.Format(int64(total))), th.Dim)
	} else if f != "" {
		words := fmt.Sprintf("filter: %s (%s of %s)", f, number.Format(int64(shown)), number.Format(int64(total)))
		*ls = append(*ls, frame.Label{Text: words, Style: th.Accent, Brief: "filtered"})
	}
	if n, all, ok := m.pages.searching(); ok {
		ls.add(fmt.Sprintf("searched %s of %s", number.Format(int64(n)), number.Format(int64(all))), th.Accent)
	}
	if l.Busy() {
		ls.add("working"+th.Glyphs.Ellipsis, th.Dim)
	}
}
