// Package mouse says what the mouse does: it finds what is under it, follows a drag, and
// collects the turns of a wheel so that a storm of them draws no more frames than a key does.
package mouse

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/command"
)

const (
	// perTurn is how many lines the wheel scrolls at a time.
	perTurn = 3
	// most is how many lines are scrolled at once at most.
	most = 1 << 20
	// frame is how long turns of the wheel, and moves of a drag, are collected.
	frame = 16 * time.Millisecond
)

// Zone is what the mouse can do at a place. Functions may be nil: then it does nothing.
type Zone struct {
	// Name tells zones of the same line from each other.
	Name string
	// Click is called when the left button is pressed. again says that the button was pressed
	// on this line of this zone before, and nothing was done since.
	Click func(again bool) tea.Cmd
	// Scroll scrolls what is there, down if lines is positive.
	Scroll func(lines int) tea.Cmd
	// Drag moves what is there to a column, until the button is released.
	Drag func(x int) tea.Cmd
}

// Pointer is the mouse. Its methods are for Update.
type Pointer struct {
	run command.Runner
	// at returns what is at a cell of the screen.
	at func(x, y int) Zone

	pressed struct { // the last press, if nothing was done since
		name string
		y    int
		ok   bool
	}
	drag func(x int) tea.Cmd // nil unless something is dragged
	// collects: turns of the wheel and moves are collected. lines are those of turns at the cell
	// x, y; moved says that the drag moved, to x.
	collects     bool
	lines, x, y  int
	moved, wheel bool
}

// New makes a Pointer. at returns what is at a cell, which may be outside of the screen.
func New(run command.Runner, at func(x, y int) Zone) *Pointer { return &Pointer{run: run, at: at} }

// Take takes a message of the mouse. changed is false if nothing on the screen has changed.
func (p *Pointer) Take(msg tea.MouseMsg) (cmd tea.Cmd, changed bool) {
	switch {
	case msg.X < 0 || msg.Y < 0:
		return nil, false
	case msg.Button == tea.MouseButtonWheelUp:
		return p.collect(msg, -perTurn)
	case msg.Button == tea.MouseButtonWheelDown:
		return p.collect(msg, perTurn)
	case msg.Action == tea.MouseActionMotion:
		if p.drag == nil {
			return nil, false
		}
		return p.collect(msg, 0)
	case msg.Action == tea.MouseActionRelease:
		return p.release(), true
	case msg.Button == tea.MouseButtonLeft && !msg.Shift && !msg.Alt && !msg.Ctrl:
		return p.press(msg), true
	}
	return nil, false
}

// Forget must be called when something else was done: a second press is a first one again, and
// what was collected is done now.
func (p *Pointer) Forget() tea.Cmd {
	p.pressed.ok, p.drag = false, nil
	return p.act()
}

func (p *Pointer) press(msg tea.MouseMsg) tea.Cmd {
	before := p.act()
	z := p.at(msg.X, msg.Y)
	last := p.pressed
	p.pressed.name, p.pressed.y, p.pressed.ok = z.Name, msg.Y, z.Click != nil
	p.drag = z.Drag
	if z.Click == nil {
		return before
	}
	return tea.Batch(before, z.Click(last.ok && last.name == z.Name && last.y == msg.Y))
}

// release ends a drag. A release without a press does nothing.
func (p *Pointer) release() tea.Cmd {
	cmd := p.act()
	p.drag = nil
	return cmd
}

// collect does the first turn or move at once, and collects those that follow at once.
func (p *Pointer) collect(msg tea.MouseMsg, lines int) (cmd tea.Cmd, changed bool) {
	p.pressed.ok = false
	p.x, p.y = msg.X, msg.Y
	if lines != 0 {
		p.lines, p.wheel = max(-most, min(p.lines+lines, most)), true
	} else {
		p.moved = true
	}
	if p.collects {
		return nil, false
	}
	return tea.Batch(p.act(), p.wait()), true
}

// wait collects until the next frame.
func (p *Pointer) wait() tea.Cmd {
	p.collects = true
	return command.Later(p.run, frame, func(context.Context) tea.Msg {
		return command.To(func() tea.Cmd {
			p.collects = false
			if !p.wheel && !p.moved {
				return nil
			}
			return tea.Batch(p.act(), p.wait())
		})
	})
}

// act does what was collected.
func (p *Pointer) act() (cmd tea.Cmd) {
	lines, wheel, moved := p.lines, p.wheel, p.moved
	p.lines, p.wheel, p.moved = 0, false, false
	if moved && p.drag != nil {
		cmd = p.drag(p.x)
	}
	if !wheel || lines == 0 {
		return cmd
	}
	if z := p.at(p.x, p.y); z.Scroll != nil {
		cmd = tea.Batch(cmd, z.Scroll(lines))
	}
	return cmd
}
