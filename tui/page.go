package tui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// page is the contract of all pages. A page owns its state, its keys and its I/O:
//
//   - It does I/O in commands that it makes with its Options.Do. The root gives the
//     answers to the page that asked, and to no other.
//   - It gets each key before the root does, except those that work everywhere:
//     quit, help, suspend. While a page captures keys, because a form is filled in,
//     it gets those too.
//   - It says in notes ([note.Say]) what a key did, or why it did nothing. For a key
//     that it does not know it says nothing and returns false; the root then looks
//     whether the key is one of its own, or says that it does nothing here.
//   - esc is a key like any: a page that has a step to go back takes it.
//   - Most pages embed a [browse.Browser], which handles the keys of a list.
type page interface {
	// Update takes the answers of the page's own commands.
	Update(tea.Msg) tea.Cmd
	// Press takes a key. It returns false if the key means nothing here.
	Press(tea.KeyMsg) (cmd tea.Cmd, ok bool)
	// View draws exactly as many lines, of as many cells, as SetSize said.
	View() string
	SetSize(w, h int)
	// Keys returns all keys of the page, for the help.
	Keys() []key.Binding
}
