package tui

import (
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/webhooks"
	"github.com/up42/up42-webhooks/tui/webhooks/actions"
)

// page is the contract of all pages. A page owns its state, its keys and its I/O:
//
//   - It does I/O in commands that it makes with its Options.Do. The root gives the
//     answers to the page that asked, and to no other.
//   - It gets each key before the root does, except those that work everywhere:
//     quit, help, suspend. While a page captures keys, because a form is filled in,
//     it gets those too, but ctrl+c and ctrl+z.
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

// list is a page with a table. The rule below the page says how the user looks at
// it.
type list interface {
	page
	// Invalidate makes the next View draw everything again.
	Invalidate()
	Move(delta int)
	Len() (shown, total int)
	// Index is the position of the cursor. Hold keeps the cursor on its row;
	// without that it may follow the first line, which Follows reports.
	Index() int
	Hold()
	Follows() bool
	// Filter is a filter as it was typed.
	Filter() string
	SetFilter(string) tea.Cmd
	// OrderName says how the list is sorted.
	OrderName() string
	// Busy reports whether a command sorts or filters the list.
	Busy() bool
	// NewRows counts the rows that came since the list was paused.
	NewRows() int
}

// marked is a list whose rows can be marked.
type marked interface{ Marks() *marks.Marks }

// webhooksPage is the page of webhooks. It is an interface so that tests of the
// root can take its place.
type webhooksPage interface {
	list
	// Captures reports whether all keys belong to the page: the user types.
	Captures() bool
	// Over reports whether a panel is shown over the list. esc closes it.
	Over() bool
	// Hints are the keys that matter now, for the footer.
	Hints() []key.Binding
	// Start reads the list.
	Start() tea.Cmd
	// Tick is to be called every second.
	Tick()
	// Saw says that a delivery came through a webhook.
	Saw(id string, at time.Time)
	// NameOf returns a webhook's name, or "" if it is not known.
	NameOf(id string) string
	// Names returns the names of all webhooks by their ids. The map is never changed.
	Names() map[string]string
	// Count returns how many webhooks there are, if that is known.
	Count() (n int, known bool)
	// UnderWay says what is being done at UP42, or returns "".
	UnderWay() string
	// Session is what is known since the start.
	Session() actions.Session
}

var _ webhooksPage = (*webhooks.Page)(nil)
