package detail

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"

	"github.com/up42/up42-webhooks/tui/keys"
)

// keyMap has the keys that move, and those that fold the body.
type keyMap struct {
	up, down, pageUp, pageDown, halfUp, halfDown, home, end, next, previous key.Binding
	toggle, fold, unfold, foldAll, unfoldAll                                key.Binding
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
		up: as(k.Up, "up"), down: as(k.Down, "down"),
		pageUp: also(k.PageUp, "b"), pageDown: also(k.PageDown, " "), halfUp: k.HalfUp, halfDown: k.HalfDown,
		home: as(k.Home, "to the top"), end: as(k.End, "to the end"),
		next: as(k.Next, "next section"), previous: as(k.Previous, "previous section"),

		toggle:    keys.Bind("enter/space", "in a body: fold, unfold", "enter", " "),
		fold:      keys.Bind("←/h", "in a body: fold, go out", "left", "h"),
		unfold:    keys.Bind("→/l", "in a body: unfold, go in", "right", "l"),
		foldAll:   keys.Bind("z", "fold all of the body", "z"),
		unfoldAll: keys.Bind("Z", "unfold all of it", "Z"),
	}
}

func (k *keyMap) all() []key.Binding {
	return []key.Binding{k.up, k.down, k.pageUp, k.pageDown, k.halfUp, k.halfDown, k.home, k.end, k.next, k.previous, k.toggle, k.fold, k.unfold, k.foldAll, k.unfoldAll}
}
