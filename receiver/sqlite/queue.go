package sqlite

import (
	"fmt"
	"runtime"
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

// gatherer collects batches. A batch waits for more as long as more keeps
// coming: those whose answers have just gone out come back with the next
// delivery, and one sync serves them all.
type gatherer struct {
	// queueing is how long the writer's turn has to be waited for when it lets
	// others go first, smoothed over the last batches.
	queueing time.Duration
}

const (
	// A batch of so many events, or so old a one, takes what is there and goes.
	patientEvents = 128
	patience      = 3 * time.Millisecond

	// Where others keep the processors busy for so long, it is them and not the
	// disk that deliveries wait for. Then fewer and larger transactions leave
	// more of them for deliveries, and the writer stands back that long.
	//
	// Measured on two cores: at 32 connections a turn comes after 85 µs, at 64
	// after 120 µs; a writer that stands back would lose a tenth there, since
	// soon all senders would wait for it. At 256 it comes after 400 µs, and
	// standing back gains a twentieth.
	crowded   = 250 * time.Microsecond
	standBack = time.Millisecond
)

// gather collects a batch that begins with a request. Nobody is waited for
// while nothing comes: a lone delivery costs a yield.
func (g *gatherer) gather(batch []*request, first *request, queue <-chan *request) []*request {
	if g.queueing >= crowded {
		time.Sleep(standBack)
	}
	b := gathering{batch: append(batch[:0], first), events: first.weight(), bytes: first.size()}
	began := time.Now()
	g.letOthersGo()
	for {
		before := b.events
		if !b.take(queue) || b.events == before || b.events >= patientEvents || time.Since(began) >= patience {
			return b.batch
		}
		runtime.Gosched()
	}
}

// letOthersGo lets everybody run who can, and notes how long that takes.
func (g *gatherer) letOthersGo() {
	began := time.Now()
	runtime.Gosched()
	g.queueing += (time.Since(began) - g.queueing) / 8
}

// gathering is a batch that is being collected.
type gathering struct {
	batch         []*request
	events, bytes int
}

// take adds what is queued. It reports whether the batch may grow further.
func (g *gathering) take(queue <-chan *request) bool {
	for g.events < maxBatchEvents && g.bytes < maxBatchBytes {
		select {
		case r, ok := <-queue:
			if !ok {
				return false
			}
			g.batch = append(g.batch, r)
			g.events += r.weight()
			g.bytes += r.size()
		default:
			return true
		}
	}
	return false
}
