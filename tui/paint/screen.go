// Package paint draws whole frames on a terminal, and only when there is a new
// one.
//
// Bubble Tea's own renderer looks sixty times a second whether there is
// something to draw. That alone costs more than one percent of a core, and lets
// a key wait for the next look. This one sleeps until it gets a frame, draws it
// at once, and writes only the lines that differ. Drawing has a goroutine of its
// own: a slow terminal makes frames be skipped, and holds nobody up.
package paint

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// Control sequences (ECMA-48, and xterm's private modes).
const (
	enter = "\x1b[?1049h" + // the other screen
		"\x1b[?25l" + // no cursor
		"\x1b[?7l" + // a line that is too long is cut, it does not wrap
		"\x1b[?2004h" + // a paste is told from typing
		wipe
	leave       = "\x1b[0m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l"
	wipe        = "\x1b[0m\x1b[2J\x1b[H"
	beginUpdate = "\x1b[?2026h" // terminals that can show all of it at once
	endUpdate   = "\x1b[?2026l"
)

// rest is the least time between two frames: a flood of them is drawn at 120 a
// second. A single one never waits.
const rest = time.Second / 120

// Screen is a terminal that frames are drawn on. It is safe for concurrent use.
type Screen struct {
	out  io.Writer
	wake chan struct{}
	stop chan struct{}
	done chan struct{}
	gone chan struct{}

	mu     sync.Mutex
	frame  string
	height int
	anew   bool // the terminal shows something else than what was drawn

	shown []string // the drawing goroutine's
	err   error    // likewise; the first
	once  sync.Once
}

// Open takes the terminal over, which must be in raw mode or be so soon. Each
// frame is one write to out; who else writes there sees to it that writes are
// not torn. The caller calls Close.
func Open(out io.Writer) (*Screen, error) {
	s := &Screen{out: out, wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}), gone: make(chan struct{})}
	if _, err := io.WriteString(out, enter); err != nil {
		return nil, fmt.Errorf("take the terminal over: %w", err)
	}
	go s.draw()
	return s, nil
}

// Show has a frame drawn, unless a newer one comes first. It does not wait.
func (s *Screen) Show(frame string) {
	s.mu.Lock()
	same := frame == s.frame && !s.anew
	s.frame = frame
	s.mu.Unlock()
	if !same {
		s.ring()
	}
}

// Resize says how many lines there are, and that all must be drawn anew: a
// terminal shows anything after it was resized.
func (s *Screen) Resize(height int) {
	s.mu.Lock()
	s.height, s.anew = height, true
	s.mu.Unlock()
	s.ring()
}

// Redraw has all lines drawn anew, where somebody else has written over them.
func (s *Screen) Redraw() {
	s.mu.Lock()
	s.anew = true
	s.mu.Unlock()
	s.ring()
}

func (s *Screen) ring() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Gone is closed when the terminal can't be drawn on any more. Its input may not
// tell: a program that does not get the signal for it reads nothing, for good.
func (s *Screen) Gone() <-chan struct{} { return s.gone }

// Close gives the terminal back as it was, and waits until nothing more is
// drawn. It returns the first error of drawing. Later calls do nothing.
func (s *Screen) Close() (err error) {
	s.once.Do(func() {
		close(s.stop)
		<-s.done
		_, last := io.WriteString(s.out, leave)
		if err = errors.Join(s.err, last); err != nil {
			err = fmt.Errorf("draw on the terminal: %w", err)
		}
	})
	return err
}

func (s *Screen) draw() {
	defer close(s.done)
	pause := time.NewTimer(rest)
	pause.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-s.wake:
		}
		s.update()
		pause.Reset(rest)
		select {
		case <-s.stop:
			return
		case <-pause.C:
		}
	}
}

// update writes what differs from what is shown. After an error nothing more is
// written.
func (s *Screen) update() {
	s.mu.Lock()
	frame, height, anew := s.frame, s.height, s.anew
	s.anew = false
	s.mu.Unlock()
	if s.err != nil {
		return
	}
	if anew {
		s.shown = nil
	}
	lines := strings.Split(frame, "\n")
	if height > 0 && len(lines) > height {
		lines = lines[:height]
	}
	if out := difference(s.shown, lines, anew); len(out) > 0 {
		if _, s.err = s.out.Write(out); s.err != nil {
			close(s.gone)
		}
	}
	s.shown = lines
}

// difference is what turns a screen that shows the old lines into one that
// shows the new ones. A line is wiped before it is written, not after: behind
// its last cell, wiping would take that cell.
func difference(old, lines []string, anew bool) []byte {
	var out []byte
	if anew {
		out = append(out, wipe...)
	}
	for i := range max(len(old), len(lines)) {
		var line string
		if i < len(lines) {
			line = lines[i]
		}
		if i < len(old) && old[i] == line || i >= len(old) && line == "" {
			continue
		}
		out = fmt.Appendf(out, "\x1b[%d;1H\x1b[0m\x1b[2K%s", i+1, line)
	}
	if len(out) == 0 {
		return nil
	}
	return append(append([]byte(beginUpdate), out...), endUpdate...)
}
