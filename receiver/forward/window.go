package forward

import (
	"context"
	"slices"
	"sync"

	"github.com/up42/up42-webhooks/receiver"
)

const (
	// maxOpen and maxOpenBytes bound the events in the window, and their bodies.
	maxOpen, maxOpenBytes = 1000, 32 << 20
	// maxAhead bounds how far events go ahead of the oldest one that is not done.
	maxAhead = 50_000
)

// window holds the events that are being sent or wait for that, bounds their number, and
// knows the checkpoint. It is safe for concurrent use.
type window struct {
	mu      sync.Mutex
	cursor  int64           // all events up to it are done
	newest  int64           // the newest event that was admitted
	open    map[int64]int   // the events that are not done, with the sizes of their bodies
	ahead   map[int64]bool  // the events that are done beyond the cursor
	bytes   int             // the sum of open
	unsaved bool            // the checkpoint changed since it was taken
	changed chan struct{}   // holds one if unsaved became true
	waiting []chan struct{} // of admit, for room
}

func newWindow(p receiver.Checkpoint) *window {
	w := &window{
		cursor: p.Cursor, newest: p.Cursor, open: map[int64]int{}, ahead: map[int64]bool{}, changed: make(chan struct{}, 1),
	}
	for _, seq := range p.Done {
		w.ahead[seq] = true
	}
	return w
}

// start is the Seq after which to read.
func (w *window) start() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.cursor
}

// admit waits until there is room for an event. It returns false if the event is done
// already, or if ctx ended.
func (w *window) admit(ctx context.Context, e *receiver.Event) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ahead[e.Seq] {
		w.newest = e.Seq
		w.advance()
		return false
	}
	for !w.hasRoom(e) {
		free := make(chan struct{})
		w.waiting = append(w.waiting, free)
		w.mu.Unlock()
		select {
		case <-free:
			w.mu.Lock()
		case <-ctx.Done():
			w.mu.Lock()
			return false
		}
	}
	w.open[e.Seq] = len(e.Raw)
	w.bytes += len(e.Raw)
	w.newest = e.Seq
	return true
}

func (w *window) hasRoom(e *receiver.Event) bool {
	if len(w.open) == 0 {
		return true
	}
	return len(w.open) < maxOpen && w.bytes+len(e.Raw) <= maxOpenBytes && e.Seq-w.cursor <= maxAhead
}

// done removes an event that was sent, was given up or need not be sent.
func (w *window) done(e *receiver.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes -= w.open[e.Seq]
	delete(w.open, e.Seq)
	w.ahead[e.Seq] = true
	w.advance()
	for _, free := range w.waiting {
		close(free)
	}
	w.waiting = nil
}

// advance moves the cursor up to the oldest event that is not done. A Seq without an event
// is one that retention deleted: it counts as done.
func (w *window) advance() {
	oldest := w.newest + 1
	for seq := range w.open {
		oldest = min(oldest, seq)
	}
	if w.cursor < oldest-1 {
		w.cursor = oldest - 1
		for seq := range w.ahead {
			if seq <= w.cursor {
				delete(w.ahead, seq)
			}
		}
	}
	w.setUnsaved()
}

func (w *window) setUnsaved() {
	w.unsaved = true
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// wait waits until there is a checkpoint to save. It returns false if ctx ended.
func (w *window) wait(ctx context.Context) bool {
	select {
	case <-w.changed:
		return true
	case <-ctx.Done():
		return false
	}
}

// checkpoint returns the checkpoint if it changed since the last call.
func (w *window) checkpoint() (p receiver.Checkpoint, changed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.unsaved {
		return p, false
	}
	w.unsaved = false
	p.Cursor = w.cursor
	for seq := range w.ahead {
		p.Done = append(p.Done, seq)
	}
	slices.Sort(p.Done)
	return p, true
}

// notSaved says that the last checkpoint could not be saved.
func (w *window) notSaved() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.setUnsaved()
}
