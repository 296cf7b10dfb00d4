package list

import (
	"context"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks/keymap"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// API is the part of UP42's API that the list needs.
type API interface {
	Webhooks(ctx context.Context) ([]client.Webhook, error)
	EventTypes(ctx context.Context) ([]client.EventType, error)
}

// Options are the options of a [List]. Functions may not be nil unless it says
// so. All of them are called from Update or View.
type Options struct {
	// API may be nil: then there are no credentials.
	API      API
	Run      command.Runner
	Say      note.Say
	Receiver webhook.Receiver
	Theme    *theme.Theme
	// Columns are the names of the columns to show, in their order. Nil: all. See [Columns].
	Columns []string
	Now     func() time.Time
	// Keys are those of the page, ListKeys those of the dashboard. Nil: the usual ones.
	Keys     *keymap.Map
	ListKeys *keys.Map
	// Program is how this program is called on a command line.
	Program string
	// Changed gets the webhooks when the list has changed. It may keep the slice,
	// which has the webhooks' secrets. May be nil.
	Changed func([]client.Webhook)
	// AfterRead is called when the list was read.
	AfterRead func()
	// Idle reports whether the list may be read although the user did not ask for it.
	Idle func() bool
	// Running says what is under way with a webhook ("deleting"), or "".
	Running func(id string) string
	// Tested returns the last test of a webhook.
	Tested func(id string) (t Test, ok bool)
}

// Test is what the list shows of a test of a webhook.
type Test struct {
	Passed, All int
	// Sent: UP42 sent at least one event.
	Sent, Proven bool
	At           time.Time
}
