// Package renderer draws frames on a terminal. It replaces Bubble Tea's renderer.
//
// Bubble Tea's renderer checks sixty times a second whether there is a new frame.
// This takes more than one percent of a core, and a frame waits for the next
// check. This renderer sleeps until it gets a frame, draws it at once, and writes
// only the lines that have changed. It draws on its own goroutine: if the terminal
// is slow, frames are skipped and nothing else waits.
package renderer

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
	enter = "\x1b[?1049h" + // the alternate screen
		"\x1b[?25l" + // hide the cursor
		"\x1b[?7l" + // cut long lines instead of wrapping them
		"\x1b[?2004h" + // mark pasted text
		wipe
	// Leave gives a terminal back that Open has taken.
	Leave       = "\x1b[0m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l"
	wipe        = "\x1b[0m\x1b[2J\x1b[H"
	beginUpdate = "\x1b[?2026h" // show the whole update at once, if the terminal can
	endUpdate   = "\x1b[?2026l"
)

// frameInterval is the shortest time between two frames. A frame that comes later
// than that is drawn at once.
const frameInterval = time.Second / 120

// Renderer draws frames on one terminal. It is safe for concurrent use.
type Renderer struct {
	out  io.Writer
	wake chan struct{}
	stop chan struct{}
	done chan struct{}
	gone chan struct{}

	mu     sync.Mutex
	frame  string
	height int
	redraw bool // draw all lines, as the terminal may show anything
	reopen bool // and switch to the alternate screen before

	shown []string // the lines on the terminal; only the drawing goroutine uses it
	err   error    // the first error of writing; set by the drawing goroutine
	once  sync.Once
}

// Open switches the terminal to the alternate screen and starts to draw. The
// caller puts the terminal into raw mode and calls Close. Each frame is one call of
// out.Write; if others write to out too, out must keep the writes apart.
//
// Open does not wait for the terminal. If it fails, [Renderer.Gone] says so.
func Open(out io.Writer) *Renderer {
	r := &Renderer{out: out, wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}), gone: make(chan struct{})}
	go r.draw()
	return r
}

// Show sets the frame to draw. It returns at once. If the next frame comes before
// this one is drawn, this one is skipped.
func (r *Renderer) Show(frame string) {
	r.mu.Lock()
	same := frame == r.frame && !r.redraw
	r.frame = frame
	r.mu.Unlock()
	if !same {
		r.wakeUp()
	}
}

// Resize sets the number of lines and draws all of them again, as a terminal may
// show anything after it was resized.
func (r *Renderer) Resize(height int) {
	r.mu.Lock()
	r.height, r.redraw = height, true
	r.mu.Unlock()
	r.wakeUp()
}

// Redraw draws all lines again. It repairs the screen after something else has
// written on the terminal.
func (r *Renderer) Redraw() {
	r.mu.Lock()
	r.redraw = true
	r.mu.Unlock()
	r.wakeUp()
}

// Reopen does what Open has done, for a terminal that another program has used meanwhile.
func (r *Renderer) Reopen() {
	r.mu.Lock()
	r.redraw, r.reopen = true, true
	r.mu.Unlock()
	r.wakeUp()
}

func (r *Renderer) wakeUp() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Gone returns a channel that is closed when writing to the terminal has failed.
// The terminal's input is no replacement: if the program gets no hang-up signal,
// reading from a terminal that is gone may block for ever.
func (r *Renderer) Gone() <-chan struct{} { return r.gone }

// Close waits until drawing has ended and restores the terminal. It waits as long as
// out.Write does. It returns the first error of drawing. Later calls do nothing and return nil.
func (r *Renderer) Close() (err error) {
	r.once.Do(func() {
		close(r.stop)
		<-r.done
		_, last := io.WriteString(r.out, Leave)
		if err = errors.Join(r.err, last); err != nil {
			err = fmt.Errorf("draw on the terminal: %w", err)
		}
	})
	return err
}

func (r *Renderer) draw() {
	defer close(r.done)
	if _, r.err = io.WriteString(r.out, enter); r.err != nil {
		close(r.gone)
	}
	pause := time.NewTimer(frameInterval)
	pause.Stop()
	for {
		select {
		case <-r.stop:
			return
		case <-r.wake:
		}
		r.update()
		pause.Reset(frameInterval)
		select {
		case <-r.stop:
			return
		case <-pause.C:
		}
	}
}

// update writes the lines that have changed. After an error it writes nothing.
func (r *Renderer) update() {
	r.mu.Lock()
	frame, height, redraw, reopen := r.frame, r.height, r.redraw, r.reopen
	r.redraw, r.reopen = false, false
	r.mu.Unlock()
	if r.err != nil {
		return
	}
	if redraw {
		r.shown = nil
	}
	lines := strings.Split(frame, "\n")
	if height > 0 && len(lines) > height {
		lines = lines[:height]
	}
	out := difference(r.shown, lines, redraw)
	if reopen {
		out = append([]byte(enter), out...)
	}
	if len(out) > 0 {
		if _, r.err = r.out.Write(out); r.err != nil {
			close(r.gone)
		}
	}
	r.shown = lines
}

// difference returns the bytes that change a screen from the old lines to the new
// ones. It wipes a line before it writes it: to wipe the rest of a full line
// afterwards would wipe its last cell.
func difference(old, lines []string, redraw bool) []byte {
	var out []byte
	if redraw {
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
