package stage

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/remembered"
	"github.com/up42/up42-webhooks/tui/session"
)

// screen are the options of the dashboard.
func (s *Stage) screen() tui.Options {
	o := s.set.Screen
	o.MoreKeys = s.helpKeys()
	if s.player != nil {
		o.Receiver.BeforeEnd = "the talk"
	}
	if s.mode.presenting {
		remember := s.remember(o.Remember)
		o = s.mode.standIns.Options(o)
		o.Remember = remember
	}
	return o
}

// remember writes down how the user looks at stand-ins, but with the filters of what is real: those
// of stand-ins end with the program. It returns nil if nothing is written.
func (s *Stage) remember(write func(context.Context, remembered.State)) func(context.Context, remembered.State) {
	if write == nil || s.o.Masked {
		return nil
	}
	aside := s.aside.State
	return func(ctx context.Context, now remembered.State) { write(ctx, now.FiltersOf(aside)) }
}

// startOver makes another world, and plays the script from its start.
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
		s.aside = session.View{}
		state := s.model.Session().View.State
		state = state.FiltersOf(remembered.State{Filters: state.Filters})
		state.Page = "" // the first esc of a script would give up what another page is reading
		return s.replace(session.Session{View: session.View{State: state}}, old)
	})
}

// replace shows another dashboard. Then it ends what is left of the old one.
func (s *Stage) replace(now session.Session, end func()) tea.Cmd {
	old := s.model
	o := s.screen()
	o.Session, o.Remembered = now, now.View.State
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
