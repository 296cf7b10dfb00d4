package team

import (
	"context"
	"sync"

	"github.com/up42/up42-webhooks/receiver"
)

// Handed knows to which targets the own store has handed its events on. It is safe for concurrent
// use.
type Handed struct {
	mu     sync.Mutex
	points map[string]receiver.Checkpoint // by the name of the target
}

// NewHanded makes a Handed that knows no target.
func NewHanded() *Handed { return &Handed{points: map[string]receiver.Checkpoint{}} }

// To returns the names of the targets that are done with an event.
func (h *Handed) To(seq int64) (names []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, p := range h.points {
		if p.Covers(seq) {
			names = append(names, name)
		}
	}
	return names
}

// load reads the checkpoint of a target.
func (h *Handed) load(ctx context.Context, store receiver.Checkpoints, name string) (receiver.Checkpoint, error) {
	p, _, err := store.Checkpoint(ctx, name)
	if err != nil {
		return p, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.points[name] = p
	return p, nil
}

// reached moves the checkpoint of a target: all events up to one are done.
func (h *Handed) reached(ctx context.Context, store receiver.Checkpoints, name string, seq int64) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.points[name]; p.Cursor >= seq {
		return nil
	}
	p := receiver.Checkpoint{Cursor: seq}
	if err := store.SaveCheckpoint(ctx, name, p); err != nil {
		return err
	}
	h.points[name] = p
	return nil
}
