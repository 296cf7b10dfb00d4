package team

import (
	"context"
	"sync"

	"github.com/up42/up42-webhooks/receiver"
)

// Forwarded knows to which targets the events of the own store were forwarded. It is safe for concurrent
// use.
type Forwarded struct {
	mu     sync.Mutex
	points map[string]receiver.Checkpoint // by the name of the target
}

// NewForwarded makes a Forwarded that knows no target yet.
func NewForwarded() *Forwarded { return &Forwarded{points: map[string]receiver.Checkpoint{}} }

// To returns the names of the targets that are done with an event.
func (f *Forwarded) To(seq int64) (names []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, p := range f.points {
		if p.Covers(seq) {
			names = append(names, name)
		}
	}
	return names
}

// load reads the checkpoint of a target.
func (f *Forwarded) load(ctx context.Context, store receiver.Checkpoints, name string) (receiver.Checkpoint, error) {
	p, _, err := store.Checkpoint(ctx, name)
	if err != nil {
		return p, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.points[name] = p
	return p, nil
}

// reached moves the checkpoint of a target: all events up to one are done.
func (f *Forwarded) reached(ctx context.Context, store receiver.Checkpoints, name string, seq int64) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if p := f.points[name]; p.Cursor >= seq {
		return nil
	}
	p := receiver.Checkpoint{Cursor: seq}
	if err := store.SaveCheckpoint(ctx, name, p); err != nil {
		return err
	}
	f.points[name] = p
	return nil
}
