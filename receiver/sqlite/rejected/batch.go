package rejected

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
)

const (
	maxBody  = 64 << 10 // of a body that is kept, in bytes
	maxSpare = 1 << 10  // that a body may keep in memory beside its own bytes
)

// Batch is a number of rejected deliveries. Its zero value is empty.
type Batch struct {
	// Records are the newest of them, oldest first, without a Seq.
	Records []codec.Record
	// Count is the number of all.
	Count int64
	// Unmatched is the number of requests that were no deliveries.
	Unmatched int64
	// Arrival is when the newest was received, in microseconds since 1970.
	Arrival int64

	max           int // of bytes
	bytes         int
	withoutBody   int // so many of the oldest records have lost their bodies
	withoutHeader int // so many of the oldest records have lost their headers, too
}

// Empty reports whether there is nothing to store.
func (b *Batch) Empty() bool { return b.Count == 0 && b.Unmatched == 0 }

func (b *Batch) add(r codec.Record) {
	b.Count++
	b.Arrival = max(b.Arrival, r.Received)
	b.Records = append(b.Records, r)
	b.bytes += r.Size()
	b.trim()
}

// append adds a batch of newer deliveries.
func (b *Batch) append(newer Batch) {
	b.Records = append(b.Records, newer.Records...)
	b.bytes += newer.bytes
	b.Count += newer.Count
	b.Unmatched += newer.Unmatched
	b.Arrival = max(b.Arrival, newer.Arrival)
	b.withoutBody, b.withoutHeader = 0, 0 // trim counts again
	b.trim()
}

// trim keeps the batch within its bounds. It drops the oldest records beyond the number
// that a log keeps. Of the others, the oldest lose their bodies first, then their
// headers.
func (b *Batch) trim() {
	n := max(0, len(b.Records)-receiver.RejectedKept)
	for i := range n {
		b.bytes -= b.Records[i].Size()
		b.Records[i] = codec.Record{}
	}
	b.Records, b.withoutBody, b.withoutHeader = b.Records[n:], max(0, b.withoutBody-n), max(0, b.withoutHeader-n)
	for ; b.bytes > b.max && b.withoutBody < len(b.Records)-1; b.withoutBody++ {
		r := &b.Records[b.withoutBody]
		b.bytes -= len(r.Body)
		r.Body = []byte{}
	}
	for ; b.bytes > b.max && b.withoutHeader < len(b.Records)-1; b.withoutHeader++ {
		r := &b.Records[b.withoutHeader]
		b.bytes -= len(r.Envelope)
		r.Envelope = codec.WithoutHeaders(r.Envelope)
		b.bytes += len(r.Envelope)
	}
}
