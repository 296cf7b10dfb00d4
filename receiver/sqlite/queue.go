package sqlite

import (
	"fmt"
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
// Senders wait for their answers before they send again. Where all of them wait
// for one batch, the processors have nothing to do meanwhile; where a batch
// takes what happens to be there, it is small, and each costs a sync. So
// senders are split into two halves that take turns: while the deliveries of
// one are written, those of the other are on their way, and the next batch
// waits for them.
//
// Measured on two cores against batches of what is there: a fifth more
// deliveries at 2 and 4 connections, a twentieth at 32, a sixth at 64, and as
// many at 16 and 256.
type gatherer struct {
	// lately is how many senders there were, at least, at the end of each of the
	// last batches.
	lately [16]int
	batch  int           // the number of the next
	ended  time.Time     // of the last
	pace   time.Duration // from request to request, smoothed over the last batches
}

const (
	// A batch waits for no more than so many requests.
	patientRequests = 128

	// Senders that are silent for as long as so many deliveries usually take have
	// gone; within limits, the lower of which is what a timer can do.
	silentRequests = 16
	minSilence     = time.Millisecond
	maxSilence     = 10 * time.Millisecond
)

// note takes note of a batch that was decided while others queued: those are
// the senders of this moment. It is to be called before the batch is answered.
func (g *gatherer) note(batch, queued int) {
	if batch == 0 {
		return
	}
	now := time.Now()
	if turn := now.Sub(g.ended); turn < maxSilence {
		g.pace += (turn/time.Duration(batch) - g.pace) / 8
	}
	g.ended = now
	g.lately[g.batch%len(g.lately)] = batch + queued
	g.batch++
}

func (g *gatherer) silence() time.Duration {
	return min(max(silentRequests*g.pace, minSilence), maxSilence)
}

// half is how many requests half of the senders make: none are expected where
// there was just one, or where all was quiet.
func (g *gatherer) half() int {
	if time.Since(g.ended) > maxSilence {
		g.forget()
	}
	return min(slices.Max(g.lately[:])/2, patientRequests)
}

func (g *gatherer) forget() { g.lately = [len(g.lately)]int{} }

// gather collects a batch that begins with a request: all that is queued, and
// where that is not half of the senders, those that are missing.
func (g *gatherer) gather(batch []*request, first *request, queue <-chan *request) []*request {
	b := gathering{batch: batch[:0]}
	b.add(first)
	half := g.half()
	if b.take(queue) && len(b.batch) < half && !b.await(half, g.silence(), queue) {
		g.forget()
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

// await adds what comes, until the batch has n requests. It reports false where
// nothing came for as long as the silence; it notices within twice that.
func (g *gathering) await(n int, silence time.Duration, queue <-chan *request) bool {
	tick := time.NewTicker(silence)
	defer tick.Stop()
	before := len(g.batch)
	for len(g.batch) < n && !g.full() {
		select {
		case r, ok := <-queue:
			if !ok {
				return true
			}
			g.add(r)
		case <-tick.C:
			if len(g.batch) == before {
				return false
			}
			before = len(g.batch)
		}
	}
	return true
}
