// Package rejected buffers rejected deliveries until the writer stores them.
//
// Anybody can send a delivery that is rejected, so it is not worth a sync of its own.
// The newest wait in bounded memory and are written a few times a second.
package rejected

import (
	"sync"

	"golang.org/x/time/rate"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
)

// Buffer holds rejected deliveries that are not stored yet. It is safe for concurrent
// use.
type Buffer struct {
	// Wake has a value when something was added.
	Wake chan struct{}

	causes *rate.Limiter

	mu      sync.Mutex
	pending Batch
}

// To find the cause of a rejection can take milliseconds, so a flood of them has it for these
// only: so many a second, and so many at once.
const causeRate, causeBurst = 20, 100

// NewBuffer returns an empty buffer. It holds so many bytes, or one delivery.
func NewBuffer(bytes int) *Buffer {
	return &Buffer{pending: Batch{max: bytes}, Wake: make(chan struct{}, 1), causes: rate.NewLimiter(causeRate, causeBurst)}
}

// Add adds a rejected delivery that was received at a time, in microseconds since 1970.
func (b *Buffer) Add(e *receiver.Event, received int64) {
	r := codec.Record{Received: received, Verdict: codec.VerdictCode(receiver.Rejected)}
	cause := ""
	if b.causes.Allow() {
		cause = e.Cause().What
	}
	r.Envelope = codec.AppendRejected(nil, e, cause)
	r.Body = e.Raw[:min(len(e.Raw), maxBody)]
	if cap(r.Body)-len(r.Body) > maxSpare || r.Body == nil {
		r.Body = append([]byte{}, r.Body...) // the start of a body must not keep a large one in memory
	}
	b.mu.Lock()
	b.pending.add(r)
	b.mu.Unlock()
	b.wake()
}

// CountUnmatched counts a request that was no delivery.
func (b *Buffer) CountUnmatched() {
	b.mu.Lock()
	b.pending.Unmatched++
	b.mu.Unlock()
	b.wake()
}

func (b *Buffer) wake() {
	select {
	case b.Wake <- struct{}{}:
	default:
	}
}

// Take removes what the buffer holds and returns it.
func (b *Buffer) Take() Batch {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.pending
	b.pending = Batch{max: taken.max}
	return taken
}

// PutBack returns a batch to the buffer that could not be written.
func (b *Buffer) PutBack(older Batch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	older.append(b.pending)
	b.pending = older
}
