package tui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/tui/text"
)

// footerLine is the prompt, or the keys.
func (m *Model) footerLine() string {
	refresh := m.keys.refreshHints(m.o.API != nil)
	switch {
	case m.prompt != nil:
		return m.promptLine()
	case m.helping:
		return m.keysLine([]hint{{"↑↓", "scroll"}, {"any other key", "back"}})
	case m.detailed:
		return m.keysLine(slices.Concat(m.keys.detailHints(), m.handHints(), refresh))
	case m.page == webhooksPage:
		return m.webhooksLine()
	default:
		return m.keysLine(append(m.keys.listHints(m.paused, m.page > ordersPage, m.handHints()...), append([]hint{m.pagesHint()}, refresh...)...))
	}
}

// handHints are there where an event can be handed on to a target.
func (m *Model) handHints() []hint {
	if !m.hasUndelivered() || m.page != eventsPage && m.page != undeliveredPage {
		return nil
	}
	return m.keys.handHints()
}

func (m *Model) pagesHint() hint { return hint{fmt.Sprintf("1-%d", m.pages()), "pages"} }

// keysLine draws as many keys as there is room for; help and quit always.
func (m *Model) keysLine(hints []hint) string { return m.lineOf(hints, m.keys.endHints()) }

// lineOf draws as many hints as there is room for, and all of the last ones.
func (m *Model) lineOf(hints, last []hint) string {
	ends := m.hints(last)
	for {
		h := m.hints(hints)
		if left := m.w - 1 - h.width - between - ends.width; left >= 0 || len(hints) == 0 {
			return " " + h.text + text.Spaces(between) + ends.text + text.Spaces(left)
		}
		hints = hints[:len(hints)-1]
	}
}

// drawn is styled text and its width.
type drawn struct {
	text  string
	width int
}

func (m *Model) hints(all []hint) drawn {
	var b strings.Builder
	width := 0
	for i, h := range all {
		keys := m.plainKeys(h.keys)
		if i > 0 {
			b.WriteString(text.Spaces(between))
			width += between
		}
		b.WriteString(m.th.Key.Apply(keys))
		b.WriteString(m.th.Dim.Apply(" " + h.does))
		width += text.Width(keys) + 1 + text.Width(h.does)
	}
	return drawn{b.String(), width}
}

// plainKeys names arrows in words of ASCII where the terminal has no others.
func (m *Model) plainKeys(s string) string {
	if !m.ascii() {
		return s
	}
	return strings.NewReplacer("↑↓", "up/down", "←→", "left/right", "↑", "up", "↓", "down", "←", "left", "→", "right").Replace(s)
}
