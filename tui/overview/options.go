package overview

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Options are what a Page needs.
type Options struct {
	Theme *theme.Theme
	// Now is the clock.
	Now  func() time.Time
	Keys *keys.Map
	Say  note.Say
	// Log has what happened before the page was made, and Do makes a command of a function.
	Log receiver.Reader
	Do  func(func(context.Context) tea.Msg) tea.Cmd
	// Jobs and Orders count rows.
	Jobs, Orders *status.Tally
	// Open goes to a list or to details.
	Open func(Goal) tea.Cmd
	// CopyID copies an id to the clipboard.
	CopyID func(id string) tea.Cmd
	// Empty returns a few lines that say what to do while no delivery has come, or nil if one
	// has.
	Empty func() []string
	// Receiver is the state of the receiver, Targets that of the targets, and Undelivered counts
	// what they gave up.
	Receiver    *frame.Receiver
	Targets     func() []forwarding.Target
	Undelivered func() (n int, known bool)
	// NewRows counts what came since the lists were paused.
	NewRows func() int
}
