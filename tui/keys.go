package tui

import "github.com/charmbracelet/bubbles/key"

// keyMap binds the keys of the frame and of the lists. The footer and the help
// are made from it.
type keyMap struct {
	// everywhere
	jobs, orders, events, webhooks, undelivered, next, previous, help, quit, back, suspend, redraw key.Binding
	// lists
	up, down, pageUp, pageDown, halfUp, halfDown, home, end key.Binding
	details, filter, sort, pause, copy, related, refresh    key.Binding
	// events
	hand, handTo key.Binding
	// details
	left, right, copyBody key.Binding
	// the prompt
	keep, clear, accept key.Binding
	// filters that are saved
	saved [4]key.Binding
}

func bind(help, desc string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, desc))
}

func newKeyMap() keyMap {
	return keyMap{
		jobs:        bind("1", "jobs", "1"),
		orders:      bind("2", "orders", "2"),
		events:      bind("3", "events", "3"),
		webhooks:    bind("4", "webhooks", "4"),
		undelivered: bind("5", "undelivered", "5"),
		next:        bind("tab", "next page", "tab"),
		previous:    bind("shift+tab", "previous page", "shift+tab"),
		help:        bind("?", "help", "?"),
		quit:        bind("q/ctrl+c", "quit", "q", "ctrl+c"),
		back:        bind("esc", "one step back", "esc"),
		suspend:     bind("ctrl+z", "off: stops the receiver", "ctrl+z"),
		redraw:      bind("ctrl+l", "redraw the screen", "ctrl+l"),

		up:       bind("↑/k", "up", "up", "k"),
		down:     bind("↓/j", "down", "down", "j"),
		pageUp:   bind("pgup", "a page up", "pgup", "b"),
		pageDown: bind("pgdn/space", "a page down", "pgdown", " "),
		halfUp:   bind("ctrl+u", "half a page up", "ctrl+u"),
		halfDown: bind("ctrl+d", "half a page down", "ctrl+d"),
		home:     bind("g/home", "first, and follow", "g", "home"),
		end:      bind("G/end", "last", "G", "end"),
		details:  bind("enter", "details", "enter"),
		filter:   bind("/", "filter", "/"),
		sort:     bind("s", "sort", "s"),
		pause:    bind("p", "pause", "p"),
		copy:     bind("y", "copy id", "y"),
		related:  bind("e", "its events; its row", "e"),
		refresh:  bind("R", "ask UP42 again", "R"),

		hand:   bind("f", "forward again", "f"),
		handTo: bind("F", "forward to a URL", "F"),

		left:  bind("←/h", "previous one", "left", "h"),
		right: bind("→/l", "next one", "right", "l"),

		copyBody: bind("Y", "copy body", "Y"),

		keep:   bind("enter", "keep", "enter"),
		clear:  bind("esc", "clear, then leave", "esc"),
		accept: bind("tab", "take what is proposed", "tab"),

		saved: [4]key.Binding{bind("F1", "a filter of yours", "f1"), bind("F2", "a filter of yours", "f2"), bind("F3", "a filter of yours", "f3"), bind("F4", "a filter of yours", "f4")},
	}
}

// hint is a binding in the footer, where keys that belong together are one.
type hint struct{ keys, does string }

func hintOf(b key.Binding) hint { return hint{b.Help().Key, b.Help().Desc} }

// refreshHints are there where UP42 can be asked.
func (k *keyMap) refreshHints(can bool) []hint {
	if !can {
		return nil
	}
	return []hint{hintOf(k.refresh)}
}

// listHints are the keys of a list; those of its own come before what it has in
// common with others.
func (k *keyMap) listHints(paused, events bool, own ...hint) []hint {
	pause := hintOf(k.pause)
	if paused {
		pause.does = "go on"
	}
	out := append([]hint{{"↑↓", "move"}, hintOf(k.details), hintOf(k.filter)}, own...)
	return append(out, hintOf(k.sort), pause, hintOf(k.copy), k.relatedHint(events))
}

// relatedHint leads from a row to its events, or back.
func (k *keyMap) relatedHint(events bool) hint {
	if events {
		return hint{"e", "its row"}
	}
	return hint{"e", "its events"}
}

// handHints hand events on.
func (k *keyMap) handHints() []hint { return []hint{{"f", "hand on"}, {"F", "elsewhere"}} }

func (k *keyMap) detailHints() []hint {
	return []hint{{"↑↓", "scroll"}, {"esc", "back"}, {"←→", "previous, next"}, {"tab", "section"}, hintOf(k.copy), hintOf(k.copyBody)}
}

// promptHints are the keys of the prompt; where something is proposed, that one
// first.
func (k *keyMap) promptHints(enter string, proposed bool) []hint {
	hints := []hint{{k.keep.Help().Key, enter}, hintOf(k.clear)}
	if proposed {
		hints = append([]hint{{k.accept.Help().Key, "take it"}}, hints...)
	}
	return hints
}

func (k *keyMap) endHints() []hint { return []hint{hintOf(k.help), {"q", "quit"}} }

// group is a part of the help.
type group struct {
	title string
	keys  []key.Binding
}

// groups are all keys but those of the webhooks.
type groups struct{ lists, details, everywhere, filter group }

func (k *keyMap) groups(scroll []key.Binding) groups {
	return groups{
		lists: group{"Lists", []key.Binding{
			k.up, k.down, k.pageUp, k.pageDown, k.halfUp, k.halfDown, k.home, k.end, k.details, k.filter, k.sort, k.pause, k.copy, k.related, k.refresh, k.hand, k.handTo,
		}},
		details:    group{"Details", scroll},
		everywhere: group{"Everywhere", []key.Binding{k.jobs, k.orders, k.events, k.webhooks, k.undelivered, k.next, k.previous, k.back, k.help, k.redraw, k.quit, k.suspend}},
		filter:     group{"While a filter is typed", []key.Binding{k.keep, k.clear, k.accept}},
	}
}
