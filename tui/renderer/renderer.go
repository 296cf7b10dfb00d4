// Package renderer draws frames on a terminal. It replaces Bubble Tea's renderer.
//
// Bubble Tea's renderer checks sixty times a second whether there is a new frame.
// This takes more than one percent of a core, and a frame waits for the next
// check, and a line of which one cell has changed is written whole. This renderer
// sleeps until it gets a frame, draws it at once, and writes only the cells that have
// changed. It draws on its own goroutine: if the terminal is slow, frames are skipped
// and nothing else waits.
package renderer

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Control sequences (ECMA-48, and xterm's private modes).
const (
	enter = "\x1b[?1049h" + // the alternate screen
		"\x1b[?25l" + // hide the cursor
		"\x1b[?7l" + // cut long lines instead of wrapping them
		"\x1b[?2004h" + // mark pasted text
		wipe
	// Leave gives a terminal back that Open has taken.
	Leave = resetStyle + mouseOff + "\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l"
	// mouseOn asks for presses, releases and moves with a button held, mouseOff ends that.
	mouseOn     = "\x1b[?1002h\x1b[?1006h"
	mouseOff    = "\x1b[?1006l\x1b[?1002l"
	wipe        = resetStyle + "\x1b[2J\x1b[H"
	resetStyle  = "\x1b[0m"
	beginUpdate = "\x1b[?2026h" // show the whole update at once, if the terminal can
	endUpdate   = "\x1b[?2026l"
)

const (
	// frameInterval is the shortest time between two frames, but for the answer to a key. A frame
	// that comes later than that is drawn at once.
	frameInterval = time.Second / 120
	// byteRate is how many bytes a second frames may take for long. byteBurst is how
	// many they may take at once. If there is more to draw, there are fewer frames. A
	// screen of 200×60 cells that all change takes 20 KB.
	byteRate, byteBurst = 100 << 10, 32 << 10
	// idleShare is how long a terminal that reads slowly is left alone, in times that a
	// frame has taken: it has to show what it has read.
	idleShare = 2
)

// Renderer draws frames on one terminal. It is safe for concurrent use.
type Renderer struct {
	out   io.Writer
	enter string // what switches the terminal to the screen
	wake  chan struct{}
	hurry chan struct{}
	stop  chan struct{}
	done  chan struct{}
	gone  chan struct{}

	mu     sync.Mutex
	frame  string
	height int
	redraw bool // draw all lines, as the terminal may show anything
	lent   bool // another program has the terminal
	reopen bool // and switch to the alternate screen before
	answer bool // the next frame is the answer to a key

	writing sync.Mutex // held while a frame is written

	// Only the drawing goroutine uses these.
	shown  screen // what is on the terminal
	budget *rate.Limiter
	err    error // the first error of writing
	once   sync.Once
}

// Open switches the terminal to the alternate screen and starts to draw. The
// caller puts the terminal into raw mode and calls Close. Each frame is one call of
// out.Write; if others write to out too, out must keep the writes apart.
//
// mouse makes the terminal report what the mouse does.
//
// Open does not wait for the terminal. If it fails, [Renderer.Gone] says so.
func Open(out io.Writer, mouse bool) *Renderer {
	r := &Renderer{
		out: out, enter: enter, wake: make(chan struct{}, 1), hurry: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}), gone: make(chan struct{}),
		budget: rate.NewLimiter(byteRate, byteBurst),
	}
	if mouse {
		r.enter += mouseOn
	}
	go r.draw()
	return r
}

// Show sets the frame to draw. It returns at once. If the next frame comes before
// this one is drawn, this one is skipped.
func (r *Renderer) Show(frame string) {
	r.mu.Lock()
	same := frame == r.frame && !r.redraw
	answer := r.answer
	r.frame, r.answer = frame, false
	r.mu.Unlock()
	if same {
		return
	}
	signal(r.wake)
	if answer {
		signal(r.hurry)
	}
}

// Hurry says that the next frame is the answer to a key: it does not wait until the
// frames before it have had their share of the terminal.
func (r *Renderer) Hurry() {
	r.mu.Lock()
	r.answer = true
	r.mu.Unlock()
}

// Resize sets the number of lines and the frame of that size, and draws all of it, as a terminal may
// show anything after it was resized.
func (r *Renderer) Resize(height int, frame string) {
	r.mu.Lock()
	r.height, r.frame, r.redraw = height, frame, true
	r.mu.Unlock()
	signal(r.wake)
}

// Redraw draws all lines again. It repairs the screen after something else has
// written on the terminal.
func (r *Renderer) Redraw() {
	r.mu.Lock()
	r.redraw = true
	r.mu.Unlock()
	signal(r.wake)
}

// Lend gives the terminal back, as Close does, until [Renderer.Reopen]: another program uses it.
// Nothing is drawn meanwhile. When it returns, nothing is being written.
func (r *Renderer) Lend() error {
	r.mu.Lock()
	r.lent = true
	r.mu.Unlock()
	r.writing.Lock()
	defer r.writing.Unlock()
	if _, err := io.WriteString(r.out, Leave); err != nil {
		return fmt.Errorf("give the terminal to another program: %w", err)
	}
	return nil
}

// Reopen does what Open has done, for a terminal that another program has used meanwhile.
func (r *Renderer) Reopen() {
	r.mu.Lock()
	r.redraw, r.reopen, r.lent = true, true, false
	r.mu.Unlock()
	signal(r.wake)
}

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
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
	if _, r.err = io.WriteString(r.out, r.enter); r.err != nil {
		close(r.gone)
	}
	for {
		select {
		case <-r.stop:
			return
		case <-r.wake:
		}
		select {
		case <-r.hurry: // it is drawn now
		default:
		}
		if !r.pause(max(frameInterval, r.update())) {
			return
		}
	}
}

// pause waits, or until there is a hurry. It returns false if drawing has to end.
func (r *Renderer) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-r.stop:
		return false
	case <-t.C:
	case <-r.hurry:
	}
	return true
}

// update writes the cells that have changed, and returns how long the next frame has to
// wait. After an error it writes nothing.
func (r *Renderer) update() (pause time.Duration) {
	r.writing.Lock()
	defer r.writing.Unlock()
	r.mu.Lock()
	if r.lent {
		r.mu.Unlock()
		return 0
	}
	frame, height, redraw, reopen := r.frame, r.height, r.redraw, r.reopen
	r.redraw, r.reopen = false, false
	r.mu.Unlock()
	if r.err != nil {
		return 0
	}
	lines := strings.Split(frame, "\n")
	if height > 0 && len(lines) > height {
		lines = lines[:height]
	}
	out := r.shown.change(lines, redraw)
	if reopen {
		out = append([]byte(r.enter), out...)
	}
	if len(out) > 0 {
		began := time.Now()
		if _, r.err = r.out.Write(out); r.err != nil {
			close(r.gone)
		}
		ended := time.Now()
		pause = max(idleShare*ended.Sub(began), r.budget.ReserveN(ended, min(len(out), byteBurst)).DelayFrom(ended))
	}
	return pause
}
