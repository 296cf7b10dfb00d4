package forward

import (
	"context"
	"sync"

	"github.com/up42/up42-webhooks/receiver"
)

// window knows which events are done, and so the checkpoint. It is safe for concurrent use.
type window struct {
	mu     sync.Mutex
	cursor int64              // all events up to it are done
	newest int64              // the newest event that was read, or need not be read
	open   map[int64]struct{} // the events that are not done
	order  []int64            // those and some that are done, ascending
	before []receiver.Span    // the events after newest that were done at the start

	version int64 // counts the changes of the checkpoint
	saved   int64 // the version that is saved
	// changed and urgent hold one if the checkpoint is to be saved: soon, or now.
	changed, urgent chan struct{}
	onSaved         chan struct{} // closed when a version is saved
}

func newWindow(p receiver.Checkpoint) *window {
	return &window{
		cursor: p.Cursor, newest: p.Cursor, open: map[int64]struct{}{}, before: p.Done,
		changed: make(chan struct{}, 1), urgent: make(chan struct{}, 1), onSaved: make(chan struct{}),
	}
}

// next returns the Seq after which to read. It skips events that were done at the start.
func (w *window) next() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.skip(w.newest + 1)
	return w.newest
}

// admit takes note of an event that was read. It returns false if the event is done
// already. Events must be admitted in their order.
func (w *window) admit(seq int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.skip(seq); seq <= w.newest {
		w.change()
		return false
	}
	w.newest = seq
	w.open[seq] = struct{}{}
	w.order = append(w.order, seq)
	return true
}

// skip counts as read what was done at the start, in ranges that begin at an event or before it.
func (w *window) skip(seq int64) {
	for len(w.before) > 0 && w.before[0].First <= seq {
		w.newest = w.before[0].Last
		w.before = w.before[1:]
	}
}

// done takes note that an event was sent, was given up or need not be sent. It returns the
// version of the checkpoint that says so.
func (w *window) done(seq int64) (version int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.open, seq)
	return w.change()
}

// change moves the cursor up to the oldest event that is not done. A Seq without an event
// is one that retention deleted: it counts as done.
func (w *window) change() (version int64) {
	for len(w.order) > 0 && !w.isOpen(w.order[0]) {
		w.order = w.order[1:]
	}
	if len(w.order) > 2*len(w.open)+100 {
		var left []int64
		for _, seq := range w.order {
			if w.isOpen(seq) {
				left = append(left, seq)
			}
		}
		w.order = left
	}
	w.cursor = w.newest
	if len(w.order) > 0 {
		w.cursor = w.order[0] - 1
	}
	w.version++
	signal(w.changed)
	return w.version
}

func (w *window) isOpen(seq int64) bool {
	_, ok := w.open[seq]
	return ok
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// checkpoint returns the checkpoint and its version. changed says that it is not saved.
func (w *window) checkpoint() (p receiver.Checkpoint, version int64, changed bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p.Cursor = w.cursor
	last := w.cursor
	add := func(from, to int64) {
		n := len(p.Done)
		switch {
		case from > to:
		case n > 0 && p.Done[n-1].Last+1 == from:
			p.Done[n-1].Last = to
		default:
			p.Done = append(p.Done, receiver.Span{First: from, Last: to})
		}
	}
	for _, seq := range w.order {
		if w.isOpen(seq) {
			add(last+1, seq-1)
			last = seq
		}
	}
	add(last+1, w.newest)
	for _, s := range w.before {
		add(s.First, s.Last)
	}
	return p, w.version, w.version > w.saved
}

// setSaved says that a version of the checkpoint is saved.
func (w *window) setSaved(version int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.saved = version
	close(w.onSaved)
	w.onSaved = make(chan struct{})
}

// await has the checkpoint saved now, and waits until that is done or ctx ended.
func (w *window) await(ctx context.Context, version int64) {
	for ctx.Err() == nil {
		w.mu.Lock()
		saved, onSaved := w.saved >= version, w.onSaved
		w.mu.Unlock()
		if saved {
			return
		}
		signal(w.urgent)
		select {
		case <-onSaved:
		case <-ctx.Done():
		}
	}
}
