package stage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/stage/script"
)

const (
	// tick is how often a script looks at the clock.
	tick = 100 * time.Millisecond
	// patience is how long it waits until the screen shows what it should, and longPatience how
	// long if nobody looks on: then a slow machine is no fault.
	patience, longPatience = 15 * time.Second, 2 * time.Minute
)

// play goes on with the script until it has to wait for something.
func (s *Stage) play() tea.Cmd {
	p := s.player
	if p == nil || s.again || s.w == 0 || !ready(s.model) {
		return nil
	}
	cmds := []tea.Cmd{s.endOwnPause()}
	for !s.paused && !s.held() && !p.doing && ready(s.model) {
		c, ok := p.due()
		if !ok {
			break
		}
		cmd, done := s.perform(c)
		cmds = append(cmds, cmd)
		if !done {
			break
		}
		p.next, p.told = p.next+1, false
	}
	return tea.Batch(append(cmds, s.rest())...)
}

// ready reports whether a dashboard, which a key may have put in the place of another, has read its store.
func ready(m *tui.Model) bool {
	_, ready := m.Counts()
	return ready
}

// perform does a command. done is false if it is not over yet.
func (s *Stage) perform(c script.Command) (cmd tea.Cmd, done bool) {
	p := s.player
	switch c.Verb {
	case script.Title:
		p.part = c.Text()
	case script.Caption:
		s.hideForgery()
		p.words, p.reading, p.skipping = c.Text(), c.Takes(), false
		p.step++
	case script.Wait:
		if !p.told {
			p.told, p.wait = true, c.Time
		}
		return nil, p.wait <= 0 || p.skipping
	case script.Stop:
		if !p.told {
			p.told, p.halted = true, !p.skipping && !s.o.Once // nobody may be there
		}
		return nil, !p.halted
	case script.Sees:
		return nil, s.sees(c)
	case script.Press:
		return s.pressInScript(c), true
	case script.Type:
		return s.typeInScript(c), true
	case script.Forge:
		return s.forgeInScript(c), true
	default:
		return s.do(c), true
	}
	return nil, true
}

// pressInScript presses keys.
func (s *Stage) pressInScript(c script.Command) (cmd tea.Cmd) {
	for _, name := range c.Args {
		key, _ := script.KeyOf(name) // it was checked
		cmd = tea.Batch(cmd, s.press(key, true))
	}
	return cmd
}

// typeInScript types text into what is open.
func (s *Stage) typeInScript(c script.Command) (cmd tea.Cmd) {
	if !s.model.Typing() {
		s.player.fail(c, errors.New("nothing is open that takes text"))
		return nil
	}
	for _, r := range s.mode.shownAs(c.Text()) {
		cmd = tea.Batch(cmd, s.pass(runes(string(r))))
	}
	return cmd
}

// endOwnPause ends a pause that the script has begun, if nobody is there to end it.
func (s *Stage) endOwnPause() tea.Cmd {
	if !s.paused || !s.o.Once || s.spoken {
		return nil
	}
	s.player.fail(s.player.script.Commands[max(0, s.player.next-1)], errors.New("this pauses the script, too: wait lets time go by"))
	return s.togglePause()
}

// do has the world do a command. The script goes on when it is done.
func (s *Stage) do(c script.Command) tea.Cmd {
	p, world := s.player, s.set.World
	if world == nil {
		return nil
	}
	p.doing = true
	generation := p.generation
	return command.Ask(s.commands.Do, func(ctx context.Context) error { return world.Do(ctx, c) }, func(err error) tea.Cmd {
		if p.generation != generation {
			return nil // the script was started over
		}
		if p.doing = false; err != nil {
			p.fail(c, err)
		}
		return nil
	})
}

// sees reports whether the screen shows a text, or does not show it for too long.
func (s *Stage) sees(c script.Command) bool {
	p := s.player
	if !p.told {
		p.told, p.looked = true, 0
	}
	text := s.mode.shownAs(c.Text())
	switch {
	case strings.Contains(words(ansi.Strip(s.View())), words(text)):
		return true
	case p.looked < patience || s.o.Once && p.looked < longPatience:
		return false
	default:
		p.fail(c, fmt.Errorf("the screen does not show %q", text))
		return true
	}
}

// words are those of a text, with one space between them.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// rest pauses after a step, ends after the last one, or waits for the next tick.
func (s *Stage) rest() tea.Cmd {
	p := s.player
	atEnd := p.next >= len(p.script.Commands)
	resting := !p.doing && (atEnd || p.script.Commands[p.next].Verb == script.Caption)
	switch {
	case p.stepping && !p.skipping && resting && !s.paused:
		p.stepping = false
		return s.togglePause()
	case p.ended() && !p.doing && s.o.Once:
		return tea.Quit
	case p.ticking || p.ended() || s.paused || s.held() || p.doing || p.halted:
		return nil
	}
	p.ticking = true
	return s.later(tick, func() tea.Cmd {
		p.ticking = false
		if !s.paused && !s.held() {
			p.pass(tick)
		}
		return nil
	})
}
