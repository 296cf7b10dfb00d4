package stage

import (
	"context"
	"slices"
	"strconv"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/stage/script"
)

// leastForger is how many lines the forger needs.
const leastForger = 2

// pressForger takes the keys of the forger. While a result is shown, any key closes it, and does what
// it does, but for those that go back.
func (s *Stage) pressForger(msg tea.KeyMsg, scripted bool) (cmd tea.Cmd, ok bool) {
	f := s.forger
	back := key.Matches(msg, s.keys.Back, s.keys.Quit) && msg.Type != tea.KeyCtrlC
	switch {
	case key.Matches(msg, s.keys.Forge):
		if s.room() < leastForger && !scripted {
			return nil, false // nobody would see it
		}
		*f = forger{open: !f.open, scripted: scripted, page: s.model.Page()}
		return nil, true
	case f.open && back:
		s.hideForgery()
		return nil, true
	case f.open && key.Matches(msg, s.keys.Overview, s.keys.Next, s.keys.Previous):
		return nil, false // another page, which closes the list
	case f.open:
		n, err := strconv.Atoi(msg.String())
		if err != nil || n < 1 || n > len(forgeries) {
			return nil, msg.Type != tea.KeyCtrlC
		}
		return s.sendForgery(forgeries[n-1], scripted, func(error) {}), true
	case f.sent != nil && (back || !f.sent.answered.IsZero()):
		s.hideForgery()
		return nil, back
	default:
		return nil, false
	}
}

// closeForgerElsewhere closes what the forger shows once another page is shown.
func (s *Stage) closeForgerElsewhere() {
	if s.forger.shown() && s.forger.page != s.model.Page() {
		s.hideForgery()
	}
}

// forgeInScript sends a forgery. The script goes on when the receiver has judged it.
func (s *Stage) forgeInScript(c script.Command) tea.Cmd {
	i := slices.IndexFunc(forgeries[:], func(f forgery) bool { return f.kind == c.Text() })
	if i < 0 || s.forger == nil {
		return nil
	}
	p := s.player
	p.doing = true
	generation := p.generation
	return s.sendForgery(forgeries[i], true, func(err error) {
		if p.generation != generation {
			return // the script was started over
		}
		if p.doing = false; err != nil {
			p.fail(c, err)
		}
	})
}

// hideForgery closes what the forger shows.
func (s *Stage) hideForgery() {
	if s.forger != nil {
		*s.forger = forger{}
	}
}

// sendForgery sends a forgery, and shows the page on which it arrives, if nothing else takes the
// keys. Then it calls then with what went wrong.
func (s *Stage) sendForgery(kind forgery, scripted bool, then func(error)) tea.Cmd {
	f := s.forger
	sent := &sending{forgery: kind, at: s.now()}
	cmds := []tea.Cmd{s.showArrivals()}
	*f = forger{sent: sent, scripted: scripted, page: s.model.Page()}
	world, log := s.set.World, s.set.Screen.Log
	type result struct {
		outcome
		err error
	}
	ask := command.Ask(s.commands.Do, func(ctx context.Context) result {
		before, err := log.Counts(ctx)
		if err == nil {
			err = world.Do(ctx, script.Command{Verb: script.Forge, Args: []string{kind.kind}})
		}
		if err != nil {
			return result{err: err}
		}
		out, err := judged(ctx, log, before)
		return result{out, err}
	}, func(r result) tea.Cmd {
		sent.answered, sent.verdict, sent.err = s.now(), r.outcome, r.err
		then(r.err)
		return nil
	})
	return tea.Batch(append(cmds, ask)...)
}

// showArrivals shows the newest event, if nothing takes the keys that lead there.
func (s *Stage) showArrivals() (cmd tea.Cmd) {
	if s.model.Occupied() {
		return nil
	}
	cmd = s.pressKey(s.keys.Events)
	if now, _ := s.model.Counts(); now.Events()+now.Rejected > 0 {
		cmd = tea.Batch(cmd, s.pressKey(s.keys.Home))
	}
	return cmd
}

// pressKey presses a key of the dashboard, if it has one.
func (s *Stage) pressKey(b key.Binding) tea.Cmd {
	if len(b.Keys()) == 0 {
		return nil
	}
	msg, _ := keys.Press(b.Keys()[0])
	return s.pass(msg)
}
