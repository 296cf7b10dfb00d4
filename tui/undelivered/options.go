package undelivered

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Options are what a Page needs.
type Options struct {
	Log   receiver.Reader
	Theme *theme.Theme
	// Columns are the names of the columns to show, in their order. Nil: all. See [Columns].
	Columns []string
	// Now is the clock.
	Now func() time.Time
	// Do makes a command of a function. It owns the command's goroutine and
	// context.
	Do func(func(context.Context) tea.Msg) tea.Cmd
	// Failures returns the events that were given up, oldest event first.
	Failures func(ctx context.Context) ([]receiver.Failure, error)
	// Empty returns a few lines about the targets, for a list that is empty.
	Empty func() []string
	// Keys are the dashboard's keys. Nil if the page gets no keys.
	Keys *keys.Map
	// Say shows a note. It may be nil.
	Say note.Say
	// CopyID copies an id to the clipboard.
	CopyID func(id string) tea.Cmd
}
