package detail

import "github.com/charmbracelet/bubbles/key"

type keyMap struct {
	up, down, pageUp, pageDown, halfUp, halfDown, home, end, next, previous key.Binding
}

func newKeyMap() keyMap {
	bind := func(help, desc string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, desc))
	}
	return keyMap{
		up:       bind("↑/k", "scroll up", "up", "k"),
		down:     bind("↓/j", "scroll down", "down", "j"),
		pageUp:   bind("pgup", "a page up", "pgup", "b"),
		pageDown: bind("pgdn/space", "a page down", "pgdown", " "),
		halfUp:   bind("ctrl+u", "half a page up", "ctrl+u"),
		halfDown: bind("ctrl+d", "half a page down", "ctrl+d"),
		home:     bind("g/home", "to the top", "g", "home"),
		end:      bind("G/end", "to the end", "G", "end"),
		next:     bind("tab", "next section", "tab"),
		previous: bind("shift+tab", "previous section", "shift+tab"),
	}
}
