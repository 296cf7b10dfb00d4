package webhooks

import "github.com/charmbracelet/bubbles/key"

// keyMap binds the page's keys. Footer and help are made from it.
type keyMap struct {
	details, create, edit, toggle, test, remove, duplicate, copyID, copySecret, reveal, refresh, undo, pin key.Binding
	// over the list
	up, down, pageUp, pageDown, home, end, list, back key.Binding
	// in a form
	next, previous, above, below, send, confirm, leave key.Binding
}

func bind(help, desc string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, desc))
}

func newKeyMap() keyMap {
	return keyMap{
		details:    bind("enter", "details", "enter"),
		create:     bind("c", "create", "c"),
		edit:       bind("e", "edit", "e"),
		toggle:     bind("space", "on/off", " "),
		test:       bind("t", "test", "t"),
		remove:     bind("d", "delete", "d"),
		duplicate:  bind("D", "duplicate", "D"),
		copyID:     bind("y", "copy id", "y"),
		copySecret: bind("Y", "copy secret", "Y"),
		reveal:     bind("v", "show the secret", "v"),
		refresh:    bind("r", "refresh", "r"),
		undo:       bind("u", "undo delete", "u"),
		pin:        bind("P", "pin headers", "P"),

		up:       bind("↑/k", "up", "up", "k"),
		down:     bind("↓/j", "down", "down", "j"),
		pageUp:   bind("pgup", "a page up", "pgup", "b", "ctrl+u"),
		pageDown: bind("space", "scroll", "pgdown", "ctrl+d", " "),
		home:     bind("g/home", "top", "g", "home"),
		end:      bind("G/end", "end", "G", "end"),
		list:     bind("/ s", "filter, sort", "/", "s"),
		back:     bind("esc", "back", "esc"),

		next:     bind("enter", "next", "enter", "tab"),
		previous: bind("shift+tab", "previous", "shift+tab"),
		above:    bind("↑", "field above", "up"),
		below:    bind("↓", "field below", "down"),
		send:     bind("ctrl+s", "send the form", "ctrl+s"),
		confirm:  bind("enter", "confirm", "enter"),
		leave:    bind("esc", "leave", "esc"),
	}
}

// acts are the keys that do something to, or with, webhooks.
func (k *keyMap) acts() []key.Binding {
	return []key.Binding{
		k.details, k.create, k.edit, k.toggle, k.test, k.remove, k.undo, k.duplicate,
		k.copyID, k.copySecret, k.reveal, k.refresh, k.pin,
	}
}

// Keys are the page's keys for the help, those of a form too.
func (p *Page) Keys() []key.Binding {
	k := &p.keys
	return append(k.acts(), k.send, k.previous)
}

// Hints are the keys that matter now, for the footer, most wanted first.
func (p *Page) Hints() []key.Binding {
	k := &p.keys
	switch top := p.topmost(); {
	case top != nil:
		return top.hints()
	case p.o.API == nil:
		return nil
	case len(p.deleted) > 0:
		return []key.Binding{k.undo, k.create, k.test, k.edit, k.toggle, k.remove, k.details, k.reveal, k.refresh, k.duplicate}
	default:
		return []key.Binding{k.create, k.test, k.edit, k.toggle, k.remove, k.details, k.reveal, k.refresh, k.duplicate}
	}
}
