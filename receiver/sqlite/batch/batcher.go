package batch

import (
	"slices"
	"time"
)

// Batcher decides how long a batch is collected. Only the writer uses it. Its zero value
// is ready for use.
//
// A sender waits for its answer before it sends the next delivery. If all senders wait
// for the same batch, the processors have nothing to do while it is written. If a batch
// takes only what is queued already, it is small, and each batch costs a sync. So the
// batcher splits the senders into two halves that take turns: while the deliveries of
// one half are written, those of the other half arrive, and the next batch waits for
// them.
//
// The batcher does not know the senders. It assumes that there are as many as it has
// lately seen at once: the requests of a batch and those queued when it was stored. If
// most of the half that it waits for does not come in time, it forgets the senders and
// waits for nobody until it sees some at once again. It does not wait for a lone sender
// or after a silence. Deliveries that do not wait for each other at all are the pacer's.
//
// Measured in turn with a writer that takes what is queued after one yield: 24 % more
// events at 2 connections, 21 % at 4, 6 % at 32, 16 % at 64, and as many at 16 and 256
// (BenchmarkAppend). Deliveries that don't wait for each other pay for it: 0.1 ms each at
// 1,000 a second.
type Batcher struct {
	// senders is how many senders there were, at least, at the end of each of the last
	// batches.
	senders [16]int
	next    int // the element of senders to set next
	pacer   pacer
	ended   time.Time     // end of the last batch
	wrote   time.Duration // how long a batch takes to be written, a moving average
}

const (
	// A batch waits for at most maxAwaited requests, and for at most twice as long as a
	// batch takes to be written, within limits. The lower limit is the resolution of a
	// timer, the upper limit is how long a delivery may wait for others.
	maxAwaited  = 128
	minPatience = time.Millisecond
	maxPatience = 10 * time.Millisecond

	// If half of the senders are more than this, the processors are the bottleneck and
	// not the disk. Then the writer pauses and takes what came; it is not woken for each
	// delivery. Measured: without the pause an event takes 13 % more processor time
	// (BenchmarkAppend/256).
	manySenders = 32
)

// Note tells the batcher that a batch was stored, how many requests were queued at its
// end, and how long it took. It must be called before the callers of the batch go on.
func (b *Batcher) Note(requests, queued int, took time.Duration) {
	if requests == 0 {
		return
	}
	b.wrote += (took - b.wrote) / 8
	b.ended = time.Now()
	b.senders[b.next] = requests + queued
	b.next = (b.next + 1) % len(b.senders)
}

// half returns how many requests half of the senders make. 0 or 1 says not to wait.
func (b *Batcher) half() int {
	if time.Since(b.ended) > maxPatience {
		return 0 // the senders may come back, but not now
	}
	return min(slices.Max(b.senders[:])/2, maxAwaited)
}

func (b *Batcher) patience() time.Duration {
	return min(max(2*b.wrote, minPatience), maxPatience)
}

// Collect returns a batch with a first request and all that are queued. If these are
// fewer than half of the senders it waits for the others. The result reuses the memory
// of into.
func (b *Batcher) Collect(into []*Request, first *Request, queue <-chan *Request) []*Request {
	c := batch{requests: into[:0]}
	c.add(first)
	half, all := b.half(), slices.Max(b.senders[:])
	if !c.takeQueued(queue) || half == 0 || all < 2 || len(c.requests) >= max(half, 2) {
		return c.requests
	}
	if half <= paceMost && b.pacer.turn(b.wrote) {
		b.pacer.collect(&c, all, b.wrote, queue)
		return c.requests
	}
	if len(c.requests) >= half {
		return c.requests
	}
	before, enough := len(c.requests), (half-len(c.requests)+1)/2
	if half > manySenders {
		enough = 1
		c.pause(queue)
	} else {
		c.await(half, b.patience(), queue)
	}
	if len(c.requests) < before+enough {
		b.senders = [len(b.senders)]int{}
	}
	return c.requests
}
