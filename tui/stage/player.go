package stage

import (
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/tui/stage/script"
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

// state says what the script waits for. held: something of the speaker's is open.
func (p *player) state(paused, held bool) string {
	switch {
	case paused:
		return "  paused"
	case p.ended():
		return "  the end"
	case held:
		return "  waits for you: esc goes on"
	case p.halted:
		return "  waits for space"
	default:
		return ""
	}
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

// pass lets time go by.
func (p *player) pass(d time.Duration) {
	p.looked += d
	scaled := time.Duration(float64(d) * p.speed)
	p.reading, p.wait = p.reading-scaled, p.wait-scaled
}

// fail keeps what went wrong. The script goes on.
func (p *player) fail(c script.Command, err error) {
	p.faults = append(p.faults, fmt.Errorf("%s: %w", c.Where(), err))
}
