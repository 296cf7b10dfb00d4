// Package stage puts the dashboard on a stage: scripts with captions, a forger whose
// deliveries the audience sees rejected, and a presenter's mode with large counters that
// shows no real ids, URLs, names and secrets.
//
// A Stage is around a dashboard (a [tui.Model]). It draws its own lines above it, takes
// its own keys before it, and replaces it when the world starts over.
package stage

import (
	"context"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/session"
	"github.com/up42/up42-webhooks/tui/stage/script"
	"github.com/up42/up42-webhooks/tui/theme"
)

// leastScreen is how many lines the dashboard keeps. A terminal that is narrower than leastWidth
// has no other.
const leastWidth, leastScreen = 60, 15

// World is what a script moves: the simulated UP42, the receiver and its target. It is safe
// for concurrent use.
type World interface {
	// Do does a command, and returns when it is done. Deliveries may come later.
	Do(ctx context.Context, c script.Command) error
	// SetPaused stops the world, or lets it go on.
	SetPaused(paused bool)
}

// Set is a world with the dashboard that shows it.
type Set struct {
	Screen tui.Options
	// World is nil if nothing is simulated.
	World World
	// End ends the world, and waits for that. May be nil.
	End func()
}

// Options are what a Stage needs.
type Options struct {
	Set
	// Script is what is played. May be nil.
	Script *script.Script
	// Again makes a new world, to start a script over. Nil: that is not possible.
	Again func(ctx context.Context) (Set, error)
	// Speed is how fast the script plays at the start; 0 means 1.
	Speed float64
	// Key is for the stand-ins of the presenter's mode; nil is a random one.
	Key []byte
	// Once ends the dashboard with the script.
	Once bool
	// Masked: the presenter's mode is on, and no key ends it.
	Masked bool
	// Mode is shared by stages that take the place of one another: each begins in the mode in which the
	// one before was left. May be nil.
	Mode *Mode
	// Invite is what the audience types to look, too. Nil: nothing.
	Invite *Invite
}

// Stage is a dashboard on a stage.
type Stage struct {
	o        Options
	set      Set
	model    *tui.Model
	keys     *keys.Map
	commands *command.Pool
	w, h     int
	above    int // lines above the dashboard

	player   *player // nil without a script
	forger   *forger // nil without a world
	theirs   bool    // the speaker has something open that takes all keys
	spoken   bool    // the speaker has pressed a key
	paused   bool    // the world
	again    bool    // another world is being made
	againErr error

	mode      *Mode
	aside     session.View // of the mode that is not shown
	showsCode bool         // the QR code is shown
	lastKey   string
	replaced  bool         // the dashboard has replaced another one
	early     []tea.KeyMsg // keys that wait until it has read its store

	closing sync.WaitGroup // dashboards and worlds that were replaced
}

// Dashboard is the dashboard that is shown now.
func (s *Stage) Dashboard() *tui.Model { return s.model }

// Set is the world that is shown now.
func (s *Stage) Set() Set { return s.set }

// Close ends all that the stage does, and waits for it.
func (s *Stage) Close() {
	s.commands.Close()
	s.model.Close()
	s.closing.Wait()
}

// Faults are what the screen should have shown during the script, and did not.
func (s *Stage) Faults() []error {
	if s.player == nil {
		return nil
	}
	return s.player.faults
}

// pass gives a message to the dashboard.
func (s *Stage) pass(msg tea.Msg) tea.Cmd {
	_, cmd := s.model.Update(msg)
	return cmd
}

// later makes a command that answers after a time.
func (s *Stage) later(d time.Duration, do func() tea.Cmd) tea.Cmd {
	return command.Later(s.commands.Do, d, func(context.Context) tea.Msg { return command.To(do) })
}

func (s *Stage) theme() *theme.Theme { return s.set.Screen.Theme }

// plain reports whether the terminal shows only ASCII.
func (s *Stage) plain() bool { return s.set.Screen.ASCII }

// now is the time on the screen's clock.
func (s *Stage) now() time.Time { return s.set.Screen.Now() }

// room is how many lines the stage may have.
func (s *Stage) room() int {
	if s.w < leastWidth {
		return 0
	}
	return max(0, s.h-leastScreen)
}

// occupied reports whether something takes all keys. The forger has a state of its own.
func (s *Stage) occupied() bool { return s.showsCode || s.model.Occupied() }

// held reports whether the script waits because the speaker has something open: its keys would go
// there.
func (s *Stage) held() bool {
	f := s.forger
	return s.theirs || f.shown() && !f.scripted
}
