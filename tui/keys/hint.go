package keys

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"

	"github.com/up42/up42-webhooks/tui/theme"
)

// Hint is a binding in the footer. Keys that belong together are one hint.
type Hint struct{ Keys, Does string }

// HintOf returns the hint of a binding.
func HintOf(b key.Binding) Hint { return Hint{b.Help().Key, b.Help().Desc} }

// Group is a part of the help.
type Group struct {
	Title string
	Keys  []key.Binding
	// Styles are how the names of Keys are drawn, if they are no keys.
	Styles []theme.Style
}

// Without returns the group without the keys that other groups have.
func (g Group) Without(others []Group) Group {
	taken := map[string]bool{}
	for _, o := range others {
		for _, b := range o.Keys {
			for _, k := range b.Keys() {
				taken[k] = true
			}
		}
	}
	left := make([]key.Binding, 0, len(g.Keys))
	for _, b := range g.Keys {
		free := slices.DeleteFunc(slices.Clone(b.Keys()), func(k string) bool { return taken[k] })
		switch {
		case len(free) == len(b.Keys()):
			left = append(left, b)
		case len(free) > 0:
			left = append(left, Bind(Shown(free), b.Help().Desc, free...))
		}
	}
	g.Keys = left
	return g
}

// Line makes a line of the help that is no key.
func Line(what, means string) key.Binding { return key.NewBinding(key.WithHelp(what, means)) }
