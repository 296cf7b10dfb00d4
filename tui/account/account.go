// Package account asks UP42's API about the orders and jobs of the workspace: the
// newest of each kind, and single ones. It puts the answers onto the pages of
// rows, which get names, sub-statuses and older rows from it.
package account

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Options are what an Account needs.
type Options struct {
	// API is UP42's. Nil without credentials: the account then asks nothing.
	API API
	Log receiver.Reader
	Run command.Runner
	Now func() time.Time
	Say note.Say
	// Work notes which rows UP42 is asked about. May be nil.
	Work *command.Work
	// Unread reports whether a note is shown that the user has to read first.
	Unread func() bool
	Theme  *theme.Theme
	// Keys are the dashboard's keys. Nil: the usual ones.
	Keys *keys.Map
	// Jobs and Orders get the answers.
	Jobs, Orders *status.Page
	// Listed is called after answers were put onto a page.
	Listed func()
}

// Account is the workspace as UP42's API sees it. Its methods may be called only
// from Update and View.
type Account struct {
	o            Options
	reader       *reader
	jobs, orders *list
	workspace    string
	// told: the user knows that UP42 can't be asked.
	told bool
	// asking are the rows that UP42 is being asked about.
	asking map[receiver.Key]bool
}

// New makes an Account. It asks nothing before Start.
func New(o Options) *Account {
	if o.Keys == nil {
		o.Keys = keys.New()
	}
	a := &Account{o: o, reader: &reader{o.API, o.Log, o.Now}, asking: map[receiver.Key]bool{}}
	a.jobs = &list{kind: receiver.Job, page: o.Jobs, account: listAccount{o.Run, a.reader, a.listed, a.askMissingWorkspace}}
	a.orders = &list{kind: receiver.Order, page: o.Orders, account: listAccount{o.Run, a.reader, a.listed, a.askMissingWorkspace}}
	return a
}

// Start asks for the workspace and the lists.
func (a *Account) Start() tea.Cmd {
	if a.o.API == nil {
		return nil
	}
	return tea.Batch(a.askWorkspace(), a.jobs.ask(), a.orders.ask())
}

// Workspace returns the id of the workspace, or "" if it is not known.
func (a *Account) Workspace() string { return a.workspace }

func (a *Account) askWorkspace() tea.Cmd {
	return command.Ask(a.o.Run, a.reader.workspace, func(id string) tea.Cmd {
		if id != "" {
			a.workspace = id
		}
		return nil
	})
}

func (a *Account) askMissingWorkspace() tea.Cmd {
	if a.workspace != "" {
		return nil
	}
	return a.askWorkspace()
}

// list returns the list of a kind, or nil.
func (a *Account) list(k receiver.Kind) *list {
	switch {
	case a.o.API == nil:
		return nil
	case k == receiver.Job:
		return a.jobs
	case k == receiver.Order:
		return a.orders
	default:
		return nil
	}
}

// listed says once why a list can't be read. If both can't, the reason is the
// same. It waits while another note has to be read.
func (a *Account) listed(l *list) {
	switch {
	case l.err == nil:
		a.told = false
		a.o.Listed()
	case !a.told && !a.o.Unread():
		a.told = true
		a.o.Say.Hint("could not ask UP42 for its " + l.kind.Plural() + ": " + why(l.err))
	}
}

// Came says that rows of a kind changed, before they are put onto their page. Rows
// that are new may have names at UP42, so it is asked again after a while.
func (a *Account) Came(k receiver.Kind, rows []*status.Row) tea.Cmd {
	l := a.list(k)
	if l == nil {
		return nil
	}
	return l.came(rows)
}

// Missing says that the names and rows of a kind that only UP42 knows are missing,
// or returns "".
func (a *Account) Missing(k receiver.Kind) string {
	l := a.list(k)
	if l == nil || l.err == nil {
		return ""
	}
	words := "UP42 not reached"
	if answered(l.err) {
		words = "UP42 gave no list"
	}
	return words + ": names and older rows are missing"
}

// Empty says why UP42's list adds no rows to an empty page, or returns "" without
// credentials.
func (a *Account) Empty(k receiver.Kind) string {
	switch l := a.list(k); {
	case l == nil:
		return ""
	case l.err != nil:
		return "UP42's " + k.Plural() + " could not be read: " + why(l.err)
	case l.underWay:
		return "Asking UP42 for its " + k.Plural() + a.o.Theme.Glyphs.Ellipsis
	default:
		return "UP42 lists no " + k.Plural() + " in this workspace."
	}
}
