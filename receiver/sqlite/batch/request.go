// Package batch collects requests into batches, each of which the writer stores in one
// transaction (group commit).
package batch

import (
	"fmt"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/dedup"
)

// Request is what one caller wants stored: events, or a change of the checkpoints.
type Request struct {
	Entries []Entry
	// Change changes the checkpoints. May be nil.
	Change func(*conn.Conn) error
	// Err is set when Done is closed.
	Err error
	// Done is closed when the request is stored or has failed.
	Done chan struct{}

	one [1]Entry // the memory of Entries in the usual case
}

// Entry is an event on its way into the store.
type Entry struct {
	Event    *receiver.Event
	Delivery dedup.Delivery
	Envelope []byte
	// Seq is the event's sequence number; 0: the next one.
	Seq int64
	// Admits is the number of the rejected delivery that the event was; 0: it was none.
	// Both change in one transaction: that delivery is deleted.
	Admits int64
	// History: the event is imported. If it is stored already, nobody has sent it twice, so
	// it is not counted as a duplicate.
	History bool
	// Receipt is set when the request is done.
	Receipt receiver.Receipt
}

// NewRequest returns a request to store events. It hashes and encodes them, so that the
// callers do this work, in parallel, and not the writer.
func NewRequest(events ...*receiver.Event) (*Request, error) {
	r := &Request{Done: make(chan struct{})}
	r.Entries = r.one[:0]
	for _, e := range events {
		if e.Verdict.Trust() == receiver.NoTrust {
			return nil, fmt.Errorf("store the delivery: its verdict is %q, and a rejected delivery is not an event", e.Verdict)
		}
		r.Entries = append(r.Entries, Entry{Event: e, Delivery: dedup.DeliveryOf(e), Envelope: codec.AppendEnvelope(nil, e)})
	}
	return r, nil
}

// NewHistory returns a request to store imported events.
func NewHistory(events ...*receiver.Event) (*Request, error) {
	r, err := NewRequest(events...)
	if err != nil {
		return nil, err
	}
	for i := range r.Entries {
		r.Entries[i].History = true
	}
	return r, nil
}

// NewAdmission returns a request to store events that are rejected deliveries until then.
func NewAdmission(events ...*receiver.Event) (*Request, error) {
	r, err := NewRequest(events...)
	if err != nil {
		return nil, err
	}
	for i := range r.Entries {
		if r.Entries[i].Admits = events[i].Rejection; r.Entries[i].Admits <= 0 {
			return nil, fmt.Errorf("admit a delivery: it has no number among the rejected ones")
		}
	}
	return r, nil
}

// NewChange returns a request to change the checkpoints.
func NewChange(change func(*conn.Conn) error) *Request {
	return &Request{Done: make(chan struct{}), Change: change}
}

// weight is how much the request adds to the number of events in a batch.
func (r *Request) weight() int { return max(1, len(r.Entries)) }

// size is the length of the bodies, in bytes.
func (r *Request) size() (bytes int) {
	for i := range r.Entries {
		bytes += len(r.Entries[i].Event.Raw)
	}
	return bytes
}
