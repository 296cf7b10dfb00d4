package limit

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// Budget is an amount of memory that several share. It is safe for concurrent use.
type Budget struct {
	size int64
	used atomic.Int64
	free *semaphore.Weighted
}

// NewBudget makes a Budget of a size in bytes.
func NewBudget(size int64) *Budget { return &Budget{size: size, free: semaphore.NewWeighted(size)} }

// Size returns the size in bytes.
func (b *Budget) Size() int64 { return b.size }

// Used returns how many bytes are taken.
func (b *Budget) Used() int64 { return b.used.Load() }

// Take waits until n bytes are free, and takes them: first come, first served. The error
// is that of ctx. The caller gives them back.
func (b *Budget) Take(ctx context.Context, n int64) error {
	if err := b.free.Acquire(ctx, n); err != nil {
		return err
	}
	b.used.Add(n)
	return nil
}

// TryTake takes n bytes if they are free now.
func (b *Budget) TryTake(n int64) bool {
	ok := b.free.TryAcquire(n)
	if ok {
		b.used.Add(n)
	}
	return ok
}

// GiveBack gives bytes back.
func (b *Budget) GiveBack(n int64) {
	b.used.Add(-n)
	b.free.Release(n)
}
