package tui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/text"
)

const helpColumn = 38

// helpView lists all keys, in as many columns as there is room for. It scrolls.
func (m *Model) helpView() string {
	lines, height := m.helpLines(), m.bodyHeight()
	lines = lines[max(0, min(m.helpTop, len(lines)-height)):]
	for len(lines) < height {
		lines = append(lines, text.Spaces(m.w))
	}
	return strings.Join(lines[:height], "\n")
}

// helpWhere says which lines are seen, where not all are.
func (m *Model) helpWhere() string {
	lines, height := len(m.helpLines()), m.bodyHeight()
	if lines <= height {
		return ""
	}
	top := max(0, min(m.helpTop, lines-height))
	return fmt.Sprintf("lines %d-%d of %d", top+1, top+height, lines)
}

func (m *Model) helpLines() []string {
	groups := m.helpGroups()
	columns := max(1, min(len(groups), (m.w-2)/helpColumn))
	parts := make([][]string, columns)
	tallest := 0
	for _, g := range pack(groups, columns) {
		parts[g.column] = append(parts[g.column], m.helpGroup(g.group, helpColumn)...)
		tallest = max(tallest, len(parts[g.column]))
	}
	lines := make([]string, tallest)
	for i := range lines {
		var b strings.Builder
		b.WriteString(" ")
		for _, part := range parts {
			if i < len(part) {
				b.WriteString(part[i])
			} else {
				b.WriteString(text.Spaces(helpColumn))
			}
		}
		b.WriteString(text.Spaces(m.w - 1 - columns*helpColumn))
		lines[i] = b.String()
	}
	return lines
}

// helpGroups are all keys; those of what is looked at come first.
func (m *Model) helpGroups() []group {
	g := m.keys.groups(m.details.Keys())
	webhooks, filters := group{"Webhooks", m.webhooks.Keys()}, group{"Filters", append(m.savedKeys(), filterWords()...)}
	marks := group{"What the marks mean", m.marks()}
	switch {
	case m.page == webhooksPage:
		return []group{webhooks, g.everywhere, g.filter, marks, g.lists, g.details, filters}
	case m.detailed:
		return []group{g.details, g.everywhere, g.filter, filters, marks, g.lists, webhooks}
	default:
		return []group{g.lists, g.everywhere, g.filter, filters, marks, g.details, webhooks}
	}
}

// marks are the glyphs, and the words that do not explain themselves.
func (m *Model) marks() []key.Binding {
	g := &m.th.Glyphs
	return []key.Binding{
		inHelp(g.Progress, "under way"),
		inHelp(g.Succeeded, "succeeded; a step passed"),
		inHelp(g.Failed, "failed, or rejected"),
		inHelp(g.Cancelled, "cancelled"),
		inHelp(g.Ended, "over, not known how"),
		inHelp(g.Verified, "verified or trusted"),
		inHelp(g.Partial, "partial: body unproved"),
		inHelp(g.Unsigned, "unsigned; of less trust"),
		inHelp("API", "UP42 lists it itself"),
		inHelp("stray", "no delivery at all"),
		inHelp("following", "keeps to the first line"),
	}
}

// pressHelp scrolls the help; any other key leaves it. It reports whether the
// key was the help's own.
func (m *Model) pressHelp(msg tea.KeyMsg) bool {
	k, page := &m.keys, m.bodyHeight()/2
	switch {
	case key.Matches(msg, k.up):
		m.helpTop--
	case key.Matches(msg, k.down):
		m.helpTop++
	case key.Matches(msg, k.pageUp, k.halfUp):
		m.helpTop -= page
	case key.Matches(msg, k.pageDown, k.halfDown):
		m.helpTop += page
	case key.Matches(msg, k.home):
		m.helpTop = 0
	case key.Matches(msg, k.end):
		m.helpTop = len(m.helpLines())
	default:
		m.helping = false
		return true
	}
	m.helpTop = max(0, min(m.helpTop, len(m.helpLines())-m.bodyHeight()))
	return true
}

type packed struct {
	group  group
	column int
}

// pack puts each group into the column that is the shortest so far.
func pack(groups []group, columns int) []packed {
	heights := make([]int, columns)
	out := make([]packed, 0, len(groups))
	for _, g := range groups {
		at := 0
		for c := range heights {
			if heights[c] < heights[at] {
				at = c
			}
		}
		heights[at] += len(g.keys) + 2
		out = append(out, packed{g, at})
	}
	return out
}

func (m *Model) helpGroup(g group, width int) []string {
	const keys = 13
	out := []string{m.th.Title.Apply(text.Fit(g.title, width))}
	for _, b := range g.keys {
		out = append(out, m.helpKey(b, keys, width))
	}
	return append(out, text.Spaces(width))
}

func (m *Model) helpKey(b key.Binding, keys, width int) string {
	h := b.Help()
	return m.th.Key.Apply(text.Fit(m.plainKeys(h.Key), keys)) + m.th.Dim.Apply(text.Fit(h.Desc, width-keys))
}
