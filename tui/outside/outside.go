// Package outside takes what the details show out of the screen: into the clipboard, into a file,
// into an editor or a pager, or to the page of an order in UP42's console.
package outside

import (
	"context"
	"os/exec"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/prompt"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Options are what an Outside needs.
type Options struct {
	Theme *theme.Theme
	Keys  *keys.Map
	Run   command.Runner
	Say   note.Say
	// Work notes what is being written or opened. May be nil.
	Work *command.Work
	// Copy copies a value, which what names in clean words.
	Copy func(value, what string) tea.Cmd
	// URL is where the receiver takes deliveries.
	URL func() string
	// Ask asks a question, if nothing else is asked.
	Ask func(*prompt.Question)
	// Getenv reads the environment: EDITOR, VISUAL, PAGER, DISPLAY.
	Getenv func(string) string
	// Lend runs a program that gets the whole terminal, and gives the message afterwards. Nil: no
	// program can have it.
	Lend func(p *exec.Cmd, then func(error) tea.Msg) tea.Cmd
	// Browse opens a URL in a browser. Nil: it finds one.
	Browse func(ctx context.Context, url string) error
	// Console is the URL of an order in UP42's console, with {id} for the order's id. Empty: it
	// is not known.
	Console string
	// Private: the commands of programs, why they failed and why there is no link are not shown.
	Private bool
	// Home is the user's home folder, for ~ in the name of a file.
	Home string
}

// Shown is what the details show.
type Shown struct {
	// Event is the delivery, nil for a row.
	Event *receiver.Event
	// Key is the order or job that it is about.
	Key receiver.Key
	// Path and Value are the field under the cursor. They may be empty, and come from outside.
	Path, Value string
	// Body is the body in one clean line.
	Body string
}

// Outside takes what is shown out of the screen.
type Outside struct{ o Options }

// New makes an Outside.
func New(o Options) *Outside { return &Outside{o} }
