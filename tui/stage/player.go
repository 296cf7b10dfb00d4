package stage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

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

// The speeds that + and - choose from.
var speeds = [...]float64{0.25, 0.5, 1, 1.5, 2, 4, 8, 16}

// player plays a script. Time goes by in ticks, faster or slower by the speed.
type player struct {
	script *script.Script
	speed  float64

	next  int // the index of the next command
	step  int // how many captions were shown
	part  string
	words string // the caption
	// reading is the time that the caption is still shown, wait the rest of a wait, looked how
	// long the screen does not show what it should.
	reading, wait, looked time.Duration
	// doing: the world does a command. halted: the script waits for the speaker.
	doing, halted, ticking bool
	// skipping: no time goes by until the next caption. stepping: the world pauses again after
	// the step.
	skipping, stepping bool
	told               bool // the command's halt, wait or look has begun
	generation         int
	faults             []error
}

func newPlayer(s *script.Script, speed float64) *player {
	if speed <= 0 {
		speed = 1
	}
	return &player{script: s, speed: speed, part: s.Title}
}

// startOver plays from the start, at the same speed.
func (p *player) startOver() {
	*p = player{script: p.script, speed: p.speed, part: p.script.Title, generation: p.generation + 1, ticking: p.ticking}
}

// ended reports whether all was played.
func (p *player) ended() bool {
	return p.next >= len(p.script.Commands) && (p.reading <= 0 || p.skipping)
}

// faster chooses another speed.
func (p *player) faster(delta int) {
	at := 0
	for i, v := range speeds {
		if v <= p.speed {
			at = i
		}
	}
	p.speed = speeds[min(max(at+delta, 0), len(speeds)-1)]
}

// play goes on with the script until it has to wait for something.
func (s *Stage) play() tea.Cmd {
	p := s.player
	if p == nil || s.again || s.w == 0 {
		return nil
	}
	if _, ready := s.model.Counts(); !ready {
		return nil
	}
	var cmds []tea.Cmd
	for !s.paused && !s.held() && !p.doing {
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

// due returns the next command, if its time has come.
func (p *player) due() (c script.Command, ok bool) {
	if p.next >= len(p.script.Commands) {
		return c, false
	}
	c = p.script.Commands[p.next]
	if c.Verb == script.Caption && (p.reading > 0 && !p.skipping || p.stepping && !p.skipping) {
		return c, false
	}
	return c, true
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
			p.told, p.halted = true, !p.skipping
		}
		return nil, !p.halted
	case script.Sees:
		return nil, s.sees(c)
	case script.Press:
		for _, name := range c.Args {
			key, _ := script.KeyOf(name) // it was checked
			cmd = tea.Batch(cmd, s.press(key, true))
		}
		return cmd, true
	case script.Type:
		if !s.model.Typing() {
			p.fail(c, errors.New("nothing is open that takes text"))
			return nil, true
		}
		for _, r := range c.Text() {
			cmd = tea.Batch(cmd, s.pass(runes(string(r))))
		}
		return cmd, true
	case script.Forge:
		return s.forgeInScript(c), true
	default:
		return s.do(c), true
	}
	return nil, true
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
	switch {
	case strings.Contains(words(ansi.Strip(s.View())), words(c.Text())):
		return true
	case p.looked < patience || s.o.Once && p.looked < longPatience:
		return false
	default:
		p.fail(c, fmt.Errorf("the screen does not show %q", c.Text()))
		return true
	}
}

// words are those of a text, with one space between them.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// fail keeps what went wrong. The script goes on.
func (p *player) fail(c script.Command, err error) {
	p.faults = append(p.faults, fmt.Errorf("%s: %w", c.Where(), err))
}

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

// pass lets time go by.
func (p *player) pass(d time.Duration) {
	p.looked += d
	scaled := time.Duration(float64(d) * p.speed)
	p.reading, p.wait = p.reading-scaled, p.wait-scaled
}

// togglePause pauses the view and the world, or lets them go on.
func (s *Stage) togglePause() tea.Cmd {
	cmd := s.model.TogglePause()
	s.followPause()
	return cmd
}

// goOn goes to the next step at once. If the world is paused, it pauses again after that.
func (s *Stage) goOn() tea.Cmd {
	p := s.player
	p.skipping, p.halted = true, false
	if !s.paused {
		return nil
	}
	p.stepping = true
	return s.togglePause()
}
