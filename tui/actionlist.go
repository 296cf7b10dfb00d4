package tui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/palette"
)

// actionList makes the actions of the palette from the keys: each key that the help shows is an
// action.
type actionList struct {
	m     *Model
	known map[string]bool
	items []palette.Item
}

// otherWords are words that users look for, by what the keys say.
var otherWords = map[string]string{
	"resend: forward again": "redeliver replay send", "create": "new add register", "delete": "remove", "duplicate": "clone copy",
	"filter": "find failed host", "details": "open why reason rejected", "copy id": "clipboard", "quit; q goes back first": "exit close",
	"its events; its row": "history", "ask UP42 again": "refresh reload", "pause": "freeze stop", "editor, pager, console": "browser link",
	"hide what is real": "presenter mask", "details beside the list": "pane split", "help": "keys shortcuts", "test": "try ping",
}

// openPalette asks for an action.
func (m *Model) openPalette() {
	m.help.Close()
	m.prompt = palette.New(palette.Options{
		Theme: m.o.Theme, Keys: m.keys, Items: m.allActions(), Recent: &m.recent, Height: func() int { return m.canvas.H },
	})
}

// allActions are those of what is shown first.
func (m *Model) allActions() []palette.Item {
	l := &actionList{m: m, known: map[string]bool{}}
	moves := len(m.keys.Moves())
	if m.pages.current == onWebhooks {
		l.page(onWebhooks)
	}
	l.add("", l.onList, m.keys.List()[moves:]...)
	l.sorts()
	l.add("", l.anywhere, m.keys.Everywhere()...)
	for p := range m.nav.count() {
		l.page(p)
	}
	l.add("details", l.onDetails, m.nav.details.Keys()...)
	l.add("", l.onList, m.keys.Saved[:]...)
	l.add("", l.onList, m.keys.Moves()...)
	return l.items
}

// page adds the keys of a page that not all lists have.
func (l *actionList) page(p pageID) {
	l.add(p.String(), func(press tea.KeyMsg) tea.Cmd {
		var there tea.Cmd
		if l.m.pages.current != p || l.m.nav.detailed {
			there = l.m.nav.choose(p)
		}
		return tea.Batch(there, l.m.typed(press))
	}, l.m.pages.lists()[p].Keys()...)
}

// sorts adds the orders of the list.
func (l *actionList) sorts() {
	sorted, ok := l.m.pages.list().(interface {
		OrderNames() []string
		SortBy(name string) tea.Cmd
	})
	if !ok {
		return
	}
	list := l.m.pages.list()
	for _, name := range sorted.OrderNames() {
		l.items = append(l.items, palette.Item{Does: "sort by " + name, Run: func() tea.Cmd {
			l.m.nav.say.Info("sorted by " + name)
			return l.m.commands.Own(sorted.SortBy(name), list.Update)
		}})
	}
}

// add adds bindings, unless they are known, or only lines of the help.
func (l *actionList) add(where string, run func(tea.KeyMsg) tea.Cmd, bindings ...key.Binding) {
	for _, b := range bindings {
		id := b.Help().Key + " " + b.Help().Desc
		if len(b.Keys()) == 0 || l.known[id] {
			continue
		}
		press, ok := keys.Press(b.Keys()[0])
		if !ok {
			continue
		}
		l.known[id] = true
		l.items = append(l.items, palette.Item{
			Does: b.Help().Desc, Where: where, Key: b.Help().Key, Also: otherWords[b.Help().Desc], Run: func() tea.Cmd { return run(press) },
		})
	}
}

func (l *actionList) anywhere(press tea.KeyMsg) tea.Cmd { return l.m.typed(press) }

func (l *actionList) onList(press tea.KeyMsg) tea.Cmd {
	same := slices.ContainsFunc(l.m.keys.Detailed(), func(b key.Binding) bool { return key.Matches(press, b) })
	if !same {
		l.m.nav.leaveDetails()
	}
	return l.m.typed(press)
}

func (l *actionList) onDetails(press tea.KeyMsg) tea.Cmd {
	var there tea.Cmd
	if !l.m.nav.detailed {
		there = l.m.nav.openDetails()
	}
	return tea.Batch(there, l.m.typed(press))
}
