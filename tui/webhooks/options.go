package webhooks

import (
	"context"
	"io"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks/actions"
	"github.com/up42/up42-webhooks/tui/webhooks/list"
)

// API is the part of UP42's API that the page needs. A *client.Client has it.
type API interface {
	list.API
	actions.API
}

var _ API = (*client.Client)(nil)

// Options are the options of a [Page]. Log, Theme, Now and Do are required.
type Options struct {
	// API is nil if there are no credentials. The page then says how to give them.
	API API
	// Log is where the page looks for the deliveries of a test.
	Log   receiver.Reader
	Theme *theme.Theme
	// Columns are the names of the columns to show, in their order. Nil: all. See [list.Columns].
	Columns []string
	// Now is the clock. The page shows times in its zone.
	Now func() time.Time
	// Do makes a command of a function. It owns the command's goroutine and
	// context.
	Do func(func(context.Context) tea.Msg) tea.Cmd
	// Copy puts text into the clipboard. Nil if there is no clipboard.
	Copy func(string) error
	// PublicURL returns the URL to propose for a new webhook, or "" if it is not
	// known. May be nil.
	PublicURL func() string
	// PointsHere reports whether a webhook's URL leads to this receiver. Nil if
	// that can't be known.
	PointsHere func(url string) bool
	// Listed gets the workspace's webhooks whenever UP42 has listed them or a call
	// has changed them: the receiver needs their secrets. It is called from
	// Update, must be quick, and may keep the slice. May be nil.
	Listed func([]client.Webhook)
	// Pinned returns the headers that signatures must cover, or nil if any may do.
	// Nil if that is not known.
	Pinned func() []string
	// Pin pins these headers and returns a note about it. It is called from a
	// command. Nil if headers can't be pinned here.
	Pin func(components []string) (note string, err error)
	// Random is for secrets. Nil means crypto/rand.
	Random io.Reader
	// Program is how this program is called on a command line. Empty means
	// up42hooks.
	Program string
	// Say shows a note. The words may come from outside, are clean, and have no
	// secrets. It is called from Press and Update. May be nil.
	Say note.Say
	// Keys are the keys that all lists have. Nil if the page does not get them.
	Keys *keys.Map
	// OwnKeys replace the usual keys of the page's actions.
	OwnKeys keys.Own
	// Work notes what is under way besides the calls of which UnderWay tells. May be nil.
	Work *command.Work
	// Limits are what the user may not do. Nil: the user may do all.
	Limits *keys.Limits
	// Session is what was known before.
	Session actions.Session
}
