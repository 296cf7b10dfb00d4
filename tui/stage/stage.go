// Package stage puts the dashboard on a stage: scripts with captions, a forger whose
// deliveries the audience sees rejected, and a presenter's mode with large counters that
// shows no real ids, URLs, names and secrets.
//
// A Stage is around a dashboard (a [tui.Model]). It draws its own lines above it, takes
// its own keys before it, and replaces it when the world starts over.
package stage

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/remembered"
	"github.com/up42/up42-webhooks/tui/stage/mask"
	"github.com/up42/up42-webhooks/tui/stage/script"
)

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
	paused   bool    // the world
	again    bool    // the world is being made anew
	againErr error

	presenting bool
	showsCode  bool // the QR code is shown
	standIns   *mask.StandIns
	lastKey    string
	replaced   bool         // the dashboard has replaced another one
	early      []tea.KeyMsg // keys that wait until it has read its store

	closing sync.WaitGroup // dashboards and worlds that were replaced
}

var _ tui.Screen = (*Stage)(nil)

// New makes a Stage. Its Close ends the dashboard, and worlds that were replaced, but not the
// last one.
func New(o Options) *Stage {
	s := &Stage{o: o, set: o.Set, keys: keysOf(&o.Screen), commands: command.NewPool(), presenting: o.Masked}
	if o.Key == nil {
		o.Key = []byte(rand.Text())
	}
	s.standIns = mask.New(o.Key)
	if o.Script != nil {
		s.player = newPlayer(o.Script, o.Speed)
	}
	if o.World != nil {
		s.forger = &forger{}
	}
	s.model = tui.New(s.screen())
	return s
}

// screen are the options of the dashboard.
func (s *Stage) screen() tui.Options {
	o := s.set.Screen
	o.MoreKeys = s.helpKeys()
	if s.player != nil {
		o.Receiver.BeforeEnd = "the talk"
	}
	if s.presenting {
		o = s.standIns.Options(o)
	}
	return o
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

// Init starts the dashboard and the script.
func (s *Stage) Init() tea.Cmd { return tea.Batch(s.model.Init(), s.play()) }

// Update takes a message. What is not the stage's own goes to the dashboard.
func (s *Stage) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.w, s.h = max(0, msg.Width), max(0, msg.Height)
		s.above = -1
	case tea.MouseMsg:
		if msg.Y -= s.above; msg.Y >= 0 && !s.showsCode {
			cmd = s.bySpeaker(func() tea.Cmd { return s.pass(msg) })
		}
	case tea.KeyMsg:
		cmd = s.typed(msg)
	default:
		cmd = s.pass(msg)
	}
	s.theirs = s.theirs && s.occupied()
	s.followPause()
	return s, tea.Batch(cmd, s.pressEarly(), s.play(), s.fit())
}

// pass gives a message to the dashboard.
func (s *Stage) pass(msg tea.Msg) tea.Cmd {
	_, cmd := s.model.Update(msg)
	return cmd
}

// followPause pauses the world with the view.
func (s *Stage) followPause() {
	if paused := s.model.Paused(); paused != s.paused && s.set.World != nil {
		s.paused = paused
		s.set.World.SetPaused(paused)
	}
}

// fit gives the dashboard the lines that are left.
func (s *Stage) fit() tea.Cmd {
	if n := len(s.block()); n != s.above {
		s.above = n
		return s.pass(tea.WindowSizeMsg{Width: s.w, Height: s.h - n})
	}
	return nil
}

// startOver makes the world anew, and plays the script from its start.
func (s *Stage) startOver() tea.Cmd {
	if s.again || s.o.Again == nil {
		return nil
	}
	type made struct {
		set Set
		err error
	}
	s.again, s.againErr = true, nil
	return command.Ask(s.commands.Do, func(ctx context.Context) made {
		set, err := s.o.Again(ctx)
		if err == nil && ctx.Err() != nil && set.End != nil {
			set.End() // nobody takes it any more
		}
		return made{set, err}
	}, func(m made) tea.Cmd {
		s.again = false
		if s.againErr = m.err; m.err != nil {
			return nil
		}
		old := s.set.End
		s.set, s.paused = m.set, false
		s.player.startOver()
		s.hideForgery()
		return s.replace(old)
	})
}

// replace shows another dashboard. Then it ends what is left of the old one.
func (s *Stage) replace(end func()) tea.Cmd {
	old := s.model
	o := s.screen()
	o.Remembered = s.state()
	s.model = tui.New(o)
	s.model.TakeTerminal(old)
	s.replaced = true
	s.closing.Go(func() {
		old.Close()
		if end != nil {
			end()
		}
	})
	s.above = -1
	return s.model.Init()
}

// state is how the user looks at the screen, without filters: they may have real names, or
// stand-ins.
func (s *Stage) state() remembered.State {
	state := s.model.State()
	for name, l := range state.Lists {
		l.Filter = ""
		state.Lists[name] = l
	}
	return state
}

// later makes a command that answers after a time.
func (s *Stage) later(d time.Duration, do func() tea.Cmd) tea.Cmd {
	return command.Later(s.commands.Do, d, func(context.Context) tea.Msg { return command.To(do) })
}
