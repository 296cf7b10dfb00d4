package sqlite

import (
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Rejections are not worth a sync each: anybody can send them. They wait in
// memory, the newest in bounded room, and are written a few times a second.
const (
	maxRejectedBody  = 64 << 10
	maxRejectedBytes = 4 << 20
)

// rejects are the rejections that wait to be written.
type rejects struct {
	wake chan struct{} // has a token when there is something new

	mu      sync.Mutex
	pending rejections
}

// rejections are the newest of those counted, oldest first.
type rejections struct {
	lines   []storedEvent
	bare    int // so many of the oldest have lost their bodies
	plain   int // so many of the oldest have lost their headers, too
	bytes   int
	counted int64
	arrival int64 // of the newest, microseconds since 1970
}

func newRejects() *rejects { return &rejects{wake: make(chan struct{}, 1)} }

func (r *rejects) add(e *receiver.Event, now func() time.Time) {
	line := storedEvent{received: arrival(e, now)}
	line.envelope = appendEnvelope(nil, e)
	// A copy: a small part must not keep a large body in memory.
	line.body = append([]byte{}, e.Raw[:min(len(e.Raw), maxRejectedBody)]...)
	r.mu.Lock()
	r.pending.push(line)
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

func (p *rejections) push(line storedEvent) {
	p.counted++
	p.arrival = max(p.arrival, line.received)
	p.lines = append(p.lines, line)
	p.bytes += line.size()
	p.trim()
}

func (s *storedEvent) size() int { return len(s.envelope) + len(s.body) }

// trim keeps to the bounds: of those that are kept at all, the oldest lose their
// bodies, then their headers.
func (p *rejections) trim() {
	n := max(0, len(p.lines)-receiver.RejectedKept)
	for i := range n {
		p.bytes -= p.lines[i].size()
		p.lines[i] = storedEvent{}
	}
	p.lines, p.bare, p.plain = p.lines[n:], max(0, p.bare-n), max(0, p.plain-n)
	for ; p.bytes > maxRejectedBytes && p.bare < len(p.lines)-1; p.bare++ {
		line := &p.lines[p.bare]
		p.bytes -= len(line.body)
		line.body = []byte{}
	}
	for ; p.bytes > maxRejectedBytes && p.plain < len(p.lines)-1; p.plain++ {
		line := &p.lines[p.plain]
		p.bytes -= len(line.envelope)
		line.envelope = withoutHeaders(line.envelope)
		p.bytes += len(line.envelope)
	}
}

// withoutHeaders is an envelope that says how a delivery was judged, no more; of a
// proof that is as long as headers, only where it came from.
func withoutHeaders(envelope []byte) []byte {
	const longProof = 1 << 10
	var e receiver.Event
	if decodeEnvelope(string(envelope), &e) != nil {
		return envelope
	}
	e.Headers = nil
	short := appendEnvelope(nil, &e)
	if len(short) > longProof {
		e.Proof = receiver.Proof{Remote: e.Proof.Remote}
		short = appendEnvelope(nil, &e)
	}
	return append([]byte{}, short...)
}

// take hands over what waits.
func (r *rejects) take() rejections {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.pending
	r.pending = rejections{}
	return p
}

// putBack takes back what could not be written.
func (r *rejects) putBack(p rejections) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p.lines = append(p.lines, r.pending.lines...)
	p.bytes += r.pending.bytes
	p.counted += r.pending.counted
	p.arrival = max(p.arrival, r.pending.arrival)
	p.bare, p.plain = 0, 0 // what has gone is gone for nothing once more
	p.trim()
	r.pending = p
}

// arrival is when the event was received, in microseconds since 1970.
func arrival(e *receiver.Event, now func() time.Time) int64 {
	if e.ReceivedAt.IsZero() {
		return now().UnixMicro()
	}
	return e.ReceivedAt.UnixMicro()
}
