package batch

import (
	"runtime"
	"time"
)

// Bounds of a batch, which keep a transaction and the wait for it short.
const (
	maxEvents = 1024
	// MaxBytes bounds the length of a batch's bodies.
	MaxBytes = 16 << 20
)

// batch is a batch that is being collected.
type batch struct {
	requests      []*Request
	events, bytes int
}

func (b *batch) add(r *Request) {
	b.requests = append(b.requests, r)
	b.events += r.weight()
	b.bytes += r.size()
}

func (b *batch) full() bool { return b.events >= maxEvents || b.bytes >= MaxBytes }

// takeQueued adds what is queued. It reports whether the batch may grow further.
func (b *batch) takeQueued(queue <-chan *Request) bool {
	for !b.full() {
		select {
		case r, ok := <-queue:
			if !ok {
				return false
			}
			b.add(r)
		default:
			return true
		}
	}
	return false
}

// await adds what comes until the batch has n requests or the time is over.
func (b *batch) await(n int, patience time.Duration, queue <-chan *Request) {
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for len(b.requests) < n && !b.full() {
		select {
		case r, ok := <-queue:
			if !ok {
				return
			}
			b.add(r)
		case <-timeout.C:
			b.takeQueued(queue) // what came while other goroutines had the processor
			return
		}
	}
}

// pause leaves the processors to the senders for a while, and then adds what came. It
// repeats this as long as more comes.
func (b *batch) pause(queue <-chan *Request) {
	began := time.Now()
	time.Sleep(minPatience)
	for before := 0; b.takeQueued(queue) && len(b.requests) > before && len(b.requests) < maxAwaited && time.Since(began) < maxPatience/2; {
		before = len(b.requests)
		runtime.Gosched()
	}
}
