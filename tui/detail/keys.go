package detail

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"

	"github.com/up42/up42-webhooks/tui/keys"
)

// keyMap has the keys that move, as the details call them.
type keyMap struct {
	up, down, pageUp, pageDown, halfUp, halfDown, home, end, next, previous key.Binding
}

// newKeyMap has the keys that move through lists, and those that go to other pages there.
func newKeyMap(k *keys.Map) keyMap {
	as := func(b key.Binding, does string) key.Binding {
		b.SetHelp(b.Help().Key, does)
		return b
	}
	m := keyMap{
		up: as(k.Up, "up"), down: as(k.Down, "down"),
		pageUp: k.PageUp, pageDown: k.PageDown, halfUp: k.HalfUp, halfDown: k.HalfDown,
		home: as(k.Home, "to the top"), end: as(k.End, "to the end"),
		next: as(k.Next, "next section"), previous: as(k.Previous, "previous section"),
	}
	// The space marks rows in lists, and scrolls here.
	if b := &m.pageDown; len(b.Keys()) > 0 && k.FreeInDetails(" ") {
		b.SetHelp(keys.First(*b)+"/space", b.Help().Desc)
		b.SetKeys(append(slices.Clone(b.Keys()), " ")...)
	}
	return m
}

func (k *keyMap) all() []key.Binding {
	return []key.Binding{k.up, k.down, k.pageUp, k.pageDown, k.halfUp, k.halfDown, k.home, k.end, k.next, k.previous}
}
