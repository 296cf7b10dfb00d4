// Package keys binds the keys of the page of webhooks. Its footer and its help
// are made from them.
package keys

import "github.com/charmbracelet/bubbles/key"

// Map has all keys of the page.
type Map struct {
	// These act on webhooks, in the list and in panels about one webhook.
	Details, Create, Edit, Toggle, Test, Remove, Duplicate, CopyID, CopySecret, Reveal, Refresh, Undo, Pin key.Binding
	// These scroll a panel, or leave it.
	Up, Down, PageUp, PageDown, Home, End, Back key.Binding
	// List has the keys of the list that do nothing in a panel.
	List key.Binding
	// These belong to a form.
	Next, Previous, Above, Below, Send, Confirm, Leave key.Binding
}

// Bind makes a binding.
func Bind(help, desc string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(help, desc))
}

// New returns the keys.
func New() *Map {
	return &Map{
		Details:    Bind("enter", "details", "enter"),
		Create:     Bind("c", "create", "c"),
		Edit:       Bind("e", "edit", "e"),
		Toggle:     Bind("space", "on/off", " "),
		Test:       Bind("t", "test", "t"),
		Remove:     Bind("d", "delete", "d"),
		Duplicate:  Bind("D", "duplicate", "D"),
		CopyID:     Bind("y", "copy id", "y"),
		CopySecret: Bind("Y", "copy secret", "Y"),
		Reveal:     Bind("v", "show the secret", "v"),
		Refresh:    Bind("r", "refresh", "r"),
		Undo:       Bind("u", "undo delete", "u"),
		Pin:        Bind("P", "pin headers", "P"),

		Up:       Bind("↑/k", "up", "up", "k"),
		Down:     Bind("↓/j", "down", "down", "j"),
		PageUp:   Bind("pgup", "a page up", "pgup", "b", "ctrl+u"),
		PageDown: Bind("space", "scroll", "pgdown", "ctrl+d", " "),
		Home:     Bind("g/home", "top", "g", "home"),
		End:      Bind("G/end", "end", "G", "end"),
		Back:     Bind("esc", "back", "esc"),
		List:     Bind("/ s", "filter, sort", "/", "s"),

		Next:     Bind("enter", "next", "enter", "tab"),
		Previous: Bind("shift+tab", "previous", "shift+tab"),
		Above:    Bind("↑", "field above", "up"),
		Below:    Bind("↓", "field below", "down"),
		Send:     Bind("ctrl+s", "send the form", "ctrl+s"),
		Confirm:  Bind("enter", "confirm", "enter"),
		Leave:    Bind("esc", "leave", "esc"),
	}
}

// Actions returns the keys that act on webhooks.
func (k *Map) Actions() []key.Binding {
	return []key.Binding{
		k.Details, k.Create, k.Edit, k.Toggle, k.Test, k.Remove, k.Undo, k.Duplicate,
		k.CopyID, k.CopySecret, k.Reveal, k.Refresh, k.Pin,
	}
}
