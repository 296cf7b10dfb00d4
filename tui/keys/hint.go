package keys

import (
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

// Line makes a line of the help that is no key.
func Line(what, means string) key.Binding { return key.NewBinding(key.WithHelp(what, means)) }
