package detail

import (
	"github.com/charmbracelet/bubbles/key"

	"github.com/up42/up42-webhooks/tui/keys"
)

// keyMap has the keys that scroll.
type keyMap struct {
	up, down, pageUp, pageDown, halfUp, halfDown, home, end, next, previous key.Binding
}

func newKeyMap() keyMap {
	return keyMap{
		up:       keys.Bind("↑/k", "scroll up", "up", "k"),
		down:     keys.Bind("↓/j", "scroll down", "down", "j"),
		pageUp:   keys.Bind("pgup", "a page up", "pgup", "b"),
		pageDown: keys.Bind("pgdn/space", "a page down", "pgdown", " "),
		halfUp:   keys.Bind("ctrl+u", "half a page up", "ctrl+u"),
		halfDown: keys.Bind("ctrl+d", "half a page down", "ctrl+d"),
		home:     keys.Bind("g/home", "to the top", "g", "home"),
		end:      keys.Bind("G/end", "to the end", "G", "end"),
		next:     keys.Bind("tab", "next section", "tab"),
		previous: keys.Bind("shift+tab", "previous section", "shift+tab"),
	}
}

func (k *keyMap) all() []key.Binding {
	return []key.Binding{k.up, k.down, k.pageUp, k.pageDown, k.halfUp, k.halfDown, k.home, k.end, k.next, k.previous}
}
