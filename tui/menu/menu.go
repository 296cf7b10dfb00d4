// Package menu lets the user choose one of several things, in the place of the footer.
package menu

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Item is one thing to choose. All its texts are clean.
type Item struct {
	// Key is the letter that chooses it.
	Key string
	// Name says what it is, Preview shows it.
	Name, Preview string
	// Do is called if it is chosen.
	Do func() tea.Cmd
}

// Menu has all keys until one of its items is chosen, or the user leaves.
type Menu struct {
	Theme *theme.Theme
	// Title says what the items are for, in clean words.
	Title string
	Items []Item

	at int // the item under the cursor
}

// Press takes a key. open is false once the menu is closed.
func (m *Menu) Press(msg tea.KeyMsg) (cmd tea.Cmd, open bool) {
	if msg.Paste {
		return nil, true
	}
	switch name := msg.String(); name {
	case "esc", "q":
		return nil, false
	case "up", "k", "shift+tab":
		m.at = (m.at + len(m.Items) - 1) % len(m.Items)
	case "down", "j", "tab":
		m.at = (m.at + 1) % len(m.Items)
	case "enter":
		return m.Items[m.at].Do(), false
	default:
		for i := range m.Items {
			if m.Items[i].Key == name {
				return m.Items[i].Do(), false
			}
		}
	}
	return nil, true
}

// Height is how many lines [Menu.Lines] returns.
func (m *Menu) Height(*frame.Canvas) int { return 2 + len(m.Items) }

// Lines draws the bottom rule, the items and their keys.
func (m *Menu) Lines(c *frame.Canvas, labels []frame.Label) []string {
	title := " " + text.Cut(m.Title, c.W-4) + " "
	lines := []string{m.Theme.Notice.Apply(title) + c.Labels(labels, c.W-text.Width(title))}
	name := 0
	for i := range m.Items {
		name = max(name, text.Width(m.Items[i].Name))
	}
	for i := range m.Items {
		lines = append(lines, m.line(i, name, c.W))
	}
	return append(lines, c.Footer([]keys.Hint{{Keys: "↑↓", Does: "move"}, {Keys: "enter", Does: "choose"}, {Keys: "esc", Does: "leave"}}, nil))
}

func (m *Menu) line(i, name, width int) string {
	const edges = 2 + 1 + 2 + 2 // before the key, the key, the gaps
	it, th := &m.Items[i], m.Theme
	preview := text.Fit(it.Preview, max(0, width-edges-name-1))
	bar, style := " ", func(s theme.Style) theme.Style { return s }
	if i == m.at {
		bar, style = th.Glyphs.Bar, th.UnderCursor
	}
	return style(th.Plain).Apply(bar+" ") + style(th.Key).Apply(it.Key) + style(th.Plain).Apply("  "+text.Fit(it.Name, name)+"  ") +
		style(th.Dim).Apply(preview) + style(th.Plain).Apply(" ")
}
