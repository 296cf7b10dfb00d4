package tui

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/remembered"
)

// Dashboard makes the Model a [Screen].
func (m *Model) Dashboard() *Model { return m }

// Typing reports whether the user types: all keys are a part of a text.
func (m *Model) Typing() bool {
	return m.prompt != nil || m.pages.captured() && !m.help.Shown()
}

// Paused reports whether the view is paused.
func (m *Model) Paused() bool { return m.pages.paused() }

// Counts returns how much the log holds, as the screen shows it. ready is false before the
// log is read for the first time.
func (m *Model) Counts() (c receiver.Counts, ready bool) {
	return m.follower.Counts(), m.follower.Ready()
}

// State is how the user looks at the screen, for Options.Remembered of another Model.
func (m *Model) State() remembered.State { return m.keeper.state() }
