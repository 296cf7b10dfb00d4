package receivertest

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/up42/up42-webhooks/receiver"
)

// checkpoints are a receiver.Checkpoints in memory. The zero value is empty.
type checkpoints struct {
	mu       sync.Mutex
	saved    map[string]receiver.Checkpoint
	failures []receiver.Failure
}

var _ receiver.Checkpoints = (*checkpoints)(nil)

// Checkpoint implements receiver.Checkpoints.
func (c *checkpoints) Checkpoint(_ context.Context, reader string) (receiver.Checkpoint, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.saved[reader]
	return p, ok, nil
}

// SaveCheckpoint implements receiver.Checkpoints.
func (c *checkpoints) SaveCheckpoint(_ context.Context, reader string, p receiver.Checkpoint) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.saved == nil {
		c.saved = map[string]receiver.Checkpoint{}
	}
	p.Done = slices.Clone(p.Done)
	c.saved[reader] = p
	return nil
}

// AddFailure implements receiver.Checkpoints.
func (c *checkpoints) AddFailure(_ context.Context, f receiver.Failure) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remove(f.Reader, f.Seq)
	c.failures = append(c.failures, f)
	slices.SortStableFunc(c.failures, func(a, b receiver.Failure) int { return cmp.Compare(a.Seq, b.Seq) })
	return nil
}

// Failures implements receiver.Checkpoints.
func (c *checkpoints) Failures(_ context.Context, reader string) (list []receiver.Failure, _ error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range c.failures {
		if reader == "" || f.Reader == reader {
			list = append(list, f)
		}
	}
	return list, nil
}

// RemoveFailure implements receiver.Checkpoints.
func (c *checkpoints) RemoveFailure(_ context.Context, reader string, seq int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remove(reader, seq)
	return nil
}

func (c *checkpoints) remove(reader string, seq int64) {
	c.failures = slices.DeleteFunc(c.failures, func(f receiver.Failure) bool { return f.Reader == reader && f.Seq == seq })
}
