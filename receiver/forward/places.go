package forward

import (
	"context"
	"slices"
	"sync"

	"github.com/up42/up42-webhooks/receiver"
)

// places keeps which events are done, and bounds how many are not. It is safe
// for concurrent use.
type places struct {
	mu      sync.Mutex
	cursor  int64           // everything up to it is done
	newest  int64           // the newest that was admitted
	open    map[int64]int   // those that are not done, with the bytes of their bodies
	ahead   map[int64]bool  // those that are done beyond the cursor
	bytes   int             // of open
	dirty   bool            // there is something to save
	moved   chan struct{}   // told when something was done
	waiting []chan struct{} // for room
}

func newPlaces(p receiver.Checkpoint) *places {
	w := &places{
		cursor: p.Cursor, newest: p.Cursor, open: map[int64]int{}, ahead: map[int64]bool{}, moved: make(chan struct{}, 1),
	}
	for _, seq := range p.Done {
		w.ahead[seq] = true
	}
	return w
}

func (w *places) first() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.cursor
}

// admit waits until there is room for an event; false: it was done before, or
// ctx ended.
func (w *places) admit(ctx context.Context, e *receiver.Event) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ahead[e.Seq] {
		w.newest = e.Seq
		w.advance()
		return false
	}
	for !w.room(e) {
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

func (w *places) room(e *receiver.Event) bool {
	if len(w.open) == 0 {
		return true
	}
	return len(w.open) < window && w.bytes+len(e.Raw) <= windowBytes && e.Seq-w.cursor <= reach
}

// done notes that an event needs no more.
func (w *places) done(e *receiver.Event) {
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

// advance moves the cursor as far as everything is done. Places without an
// event were taken away from the log.
func (w *places) advance() {
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
	w.dirty = true
	select {
	case w.moved <- struct{}{}:
	default:
	}
}

// changed waits until there is something to save; false: ctx ended first.
func (w *places) changed(ctx context.Context) bool {
	select {
	case <-w.moved:
		return true
	case <-ctx.Done():
		return false
	}
}

// progress is what to save, if anything changed since it was asked for last.
func (w *places) progress() (p receiver.Checkpoint, any bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.dirty {
		return p, false
	}
	w.dirty = false
	p.Cursor = w.cursor
	for seq := range w.ahead {
		p.Done = append(p.Done, seq)
	}
	slices.Sort(p.Done)
	return p, true
}

// unsaved says that saving failed.
func (w *places) unsaved() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dirty = true
	select {
	case w.moved <- struct{}{}:
	default:
	}
}
