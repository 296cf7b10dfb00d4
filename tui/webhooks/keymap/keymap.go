// Package keymap binds the keys of the page of webhooks. Its footer and its help
// are made from them.
package keymap

import (
	"github.com/charmbracelet/bubbles/key"

	"github.com/up42/up42-webhooks/tui/keys"
)

// Map has all keys of the page.
type Map struct {
	// These act on webhooks, in the list and in panels about one webhook.
	Details, Create, Edit, Toggle, Test, Remove, Duplicate, CopyID, CopySecret, Reveal, Refresh, Undo, Pin key.Binding
	// These scroll a panel, or leave it.
	Up, Down, PageUp, PageDown, Home, End, Back key.Binding
	// These belong to a form.
	Next, Previous, Above, Below, Send, Confirm, Leave key.Binding
}

// New returns the keys.
func New() *Map {
	return &Map{
		Details:    keys.Bind("enter", "details", "enter"),
		Create:     keys.Bind("c", "create", "c"),
		Edit:       keys.Bind("e", "edit", "e"),
		Toggle:     keys.Bind("o", "on/off", "o"),
		Test:       keys.Bind("t", "test", "t"),
		Remove:     keys.Bind("d", "delete", "d"),
		Duplicate:  keys.Bind("D", "duplicate", "D"),
		CopyID:     keys.Bind("y", "copy id", "y"),
		CopySecret: keys.Bind("Y", "copy secret", "Y"),
		Reveal:     keys.Bind("v", "show the secret", "v"),
		Refresh:    keys.Bind("r", "refresh", "r"),
		Undo:       keys.Bind("u", "undo delete", "u"),
		Pin:        keys.Bind("H", "pin headers", "H"),

		Up:       keys.Bind("↑/k", "up", "up", "k"),
		Down:     keys.Bind("↓/j", "down", "down", "j"),
		PageUp:   keys.Bind("pgup", "a page up", "pgup", "b", "ctrl+u"),
		PageDown: keys.Bind("space", "scroll", "pgdown", "ctrl+d", " "),
		Home:     keys.Bind("g/home", "top", "g", "home"),
		End:      keys.Bind("G/end", "end", "G", "end"),
		Back:     keys.Bind("esc", "back", "esc"),

		Next:     keys.Bind("enter", "next", "enter", "tab"),
		Previous: keys.Bind("shift+tab", "previous", "shift+tab"),
		Above:    keys.Bind("↑", "field above", "up"),
		Below:    keys.Bind("↓", "field below", "down"),
		Send:     keys.Bind("ctrl+s", "send the form", "ctrl+s"),
		Confirm:  keys.Bind("enter", "confirm", "enter"),
		Leave:    keys.Bind("esc", "leave", "esc"),
	}
}

// Actions returns the keys that act on webhooks.
func (k *Map) Actions() []key.Binding {
	return []key.Binding{
		k.Details, k.Create, k.Edit, k.Toggle, k.Test, k.Remove, k.Undo, k.Duplicate,
		k.CopyID, k.CopySecret, k.Reveal, k.Refresh, k.Pin,
	}
}
