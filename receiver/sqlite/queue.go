package sqlite

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// request is what one caller wants stored; done is closed when that is decided.
type request struct {
	entries []entry
	change  func(*conn) error // of the ledger; nil: none
	err     error
	done    chan struct{}
	one     [1]entry // the usual case, without an allocation of its own
}

// entry is an event on its way into the store.
type entry struct {
	event    *receiver.Event
	key      messageKey
	envelope []byte
	seq      int64 // the place that it is to have; 0: the next
	receipt  receiver.Receipt
}

func newRequest(events ...*receiver.Event) (*request, error) {
	r := &request{done: make(chan struct{})}
	r.entries = r.one[:0]
	for _, e := range events {
		if e.Verdict.Trust() == receiver.NoTrust {
			return nil, fmt.Errorf("store the delivery: its verdict is %q, and rejected ones are no events", e.Verdict)
		}
		// Hashed and encoded here, in the caller's time, not in the writer's.
		r.entries = append(r.entries, entry{event: e, key: keyOf(e), envelope: appendEnvelope(nil, e)})
	}
	return r, nil
}

// weight is the request's share of a batch's bound.
func (r *request) weight() int { return max(1, len(r.entries)) }

func (r *request) size() (bytes int) {
	for i := range r.entries {
		bytes += len(r.entries[i].event.Raw)
	}
	return bytes
}

// A batch takes on requests up to these bounds, which keep a transaction and
// the wait for it short.
const (
	maxBatchEvents = 1024
	maxBatchBytes  = 16 << 20
)

// gatherer collects batches.
//
// Many senders wait for their answers before they send again. Where all of them
// wait for one batch, the processors have nothing to do meanwhile; where a batch
// takes what happens to be there, it is small, and each costs a sync. So senders
// are split into two halves that take turns: while the deliveries of one are
// written, those of the other are on their way, and the next batch waits for
// them. Whether there are such senders shows in whether the half comes in time:
// where it does not, they are forgotten until others are seen at once.
//
// Measured on two cores against a writer that yields and then takes what is there:
// a fifth more deliveries at 2 and 4 connections, a twentieth at 32, a sixth at
// 64, as many at 256. Deliveries that do not wait for each other pay for it: 0.1 ms each at 1,000
// a second.
type gatherer struct {
	// lately is how many senders there were, at least, at the end of each of the
	// last batches.
	lately [16]int
	next   int           // the place in lately of the next one
	ended  time.Time     // of the last batch
	wrote  time.Duration // what a batch takes to be written, smoothed over the last ones
}

const (
	// A batch waits for no more than so many requests, and for twice as long at
	// most as one takes to be written, within limits: the lower is what a timer can
	// do, the upper what a delivery may be kept waiting for others.
	patientRequests = 128
	minPatience     = time.Millisecond
	maxPatience     = 10 * time.Millisecond

	// Where half of the senders are more than this, the processors and not the
	// disk are what is short: then a batch takes what comes, and its writer is not
	// woken for each. Measured at 256 connections: a tenth more deliveries.
	manySenders = 32
)

// note takes note of a batch that was decided, after so long, while others
// queued: those are the senders of this moment. It is to be called before the
// batch is answered.
func (g *gatherer) note(batch, queued int, took time.Duration) {
	if batch == 0 {
		return
	}
	g.wrote += (took - g.wrote) / 8
	g.ended = time.Now()
	g.lately[g.next] = batch + queued
	g.next = (g.next + 1) % len(g.lately)
}

// half is how many requests half of the senders make, 0 or 1 where nobody is to
// be waited for.
func (g *gatherer) half() int {
	if time.Since(g.ended) > maxPatience {
		return 0 // who was there before may come back, but not at this moment
	}
	return min(slices.Max(g.lately[:])/2, patientRequests)
}

func (g *gatherer) patience() time.Duration {
	return min(max(2*g.wrote, minPatience), maxPatience)
}

// gather collects a batch that begins with a request: all that is queued, and
// where that is not half of the senders, those that are missing, or as many of
// them as come in time. Where most did not come, they have gone.
func (g *gatherer) gather(batch []*request, first *request, queue <-chan *request) []*request {
	b := gathering{batch: batch[:0]}
	b.add(first)
	half := g.half()
	if !b.take(queue) || len(b.batch) >= half {
		return b.batch
	}
	before, enough := len(b.batch), (half-len(b.batch)+1)/2
	if half > manySenders {
		enough = 1
		b.stream(queue)
	} else {
		b.await(half, g.patience(), queue)
	}
	if len(b.batch) < before+enough {
		g.lately = [len(g.lately)]int{}
	}
	return b.batch
}

// gathering is a batch that is being collected.
type gathering struct {
	batch         []*request
	events, bytes int
}

func (g *gathering) add(r *request) {
	g.batch = append(g.batch, r)
	g.events += r.weight()
	g.bytes += r.size()
}

func (g *gathering) full() bool { return g.events >= maxBatchEvents || g.bytes >= maxBatchBytes }

// take adds what is queued. It reports whether the batch may grow further.
func (g *gathering) take(queue <-chan *request) bool {
	for !g.full() {
		select {
		case r, ok := <-queue:
			if !ok {
				return false
			}
			g.add(r)
		default:
			return true
		}
	}
	return false
}

// await adds what comes, until the batch has n requests or patience ends.
func (g *gathering) await(n int, patience time.Duration, queue <-chan *request) {
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for len(g.batch) < n && !g.full() {
		select {
		case r, ok := <-queue:
			if !ok {
				return
			}
			g.add(r)
		case <-timeout.C:
			g.take(queue) // what came while others had the processor
			return
		}
	}
}

// stream adds what comes for a while, and goes on while more comes with every
// turn of the others.
func (g *gathering) stream(queue <-chan *request) {
	began := time.Now()
	time.Sleep(minPatience)
	for before := 0; g.take(queue) && len(g.batch) > before && len(g.batch) < patientRequests && time.Since(began) < maxPatience/2; {
		before = len(g.batch)
		runtime.Gosched()
	}
}
