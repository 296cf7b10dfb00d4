package detail

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"

	"github.com/up42/up42-webhooks/tui/keys"
)

// keyMap has the keys that scroll.
type keyMap struct {
	up, down, pageUp, pageDown, halfUp, halfDown, home, end, next, previous key.Binding
}

// newKeyMap has the keys that move through lists, and those that go to other pages there.
func newKeyMap(k *keys.Map) keyMap {
	as := func(b key.Binding, does string) key.Binding {
		b.SetHelp(b.Help().Key, does)
		return b
	}
	// The space marks rows in lists, and scrolls here.
	also := func(b key.Binding, more string) key.Binding {
		if !slices.Contains(b.Keys(), more) {
			b.SetKeys(append(slices.Clone(b.Keys()), more)...)
		}
		b.SetHelp(keys.First(b)+"/"+keys.Shown([]string{more}), b.Help().Desc)
		return b
	}
	return keyMap{
		up: as(k.Up, "scroll up"), down: as(k.Down, "scroll down"),
		pageUp: also(k.PageUp, "b"), pageDown: also(k.PageDown, " "), halfUp: k.HalfUp, halfDown: k.HalfDown,
		home: as(k.Home, "to the top"), end: as(k.End, "to the end"),
		next: as(k.Next, "next section"), previous: as(k.Previous, "previous section"),
	}
}

func (k *keyMap) all() []key.Binding {
	return []key.Binding{k.up, k.down, k.pageUp, k.pageDown, k.halfUp, k.halfDown, k.home, k.end, k.next, k.previous}
}
