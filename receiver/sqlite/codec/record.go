package codec

import (
	"bytes"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Record is a delivery as the tables of events and of rejected deliveries have it.
type Record struct {
	Seq      int64
	Received int64 // microseconds since 1970; of an admitted event it is when it was admitted
	Verdict  int64 // code
	Envelope []byte
	Body     []byte // as it came
}

// Event returns the event that was recorded. It shares no memory with the record.
func (r *Record) Event() (*receiver.Event, error) {
	e := &receiver.Event{
		Seq: r.Seq, ReceivedAt: time.UnixMicro(r.Received).UTC(), Verdict: VerdictOf(r.Verdict), Raw: bytes.Clone(r.Body),
	}
	if err := DecodeEnvelope(r.Envelope, e); err != nil {
		return nil, fmt.Errorf("event %d: %w", r.Seq, err)
	}
	DecodeBody(e)
	return e, nil
}

// DecodeBody sets the event's message from its body. The body of a rejected delivery
// may be anything; then the message stays empty.
func DecodeBody(e *receiver.Event) {
	if m, err := receiver.Decode(e.Raw); err == nil {
		e.Message = m
	}
}

// Size is the memory that the record takes, in bytes.
func (r *Record) Size() int { return len(r.Envelope) + len(r.Body) }

// Received returns when an event was received, in microseconds since 1970. now is the
// clock for an event that has no such time.
func Received(e *receiver.Event, now func() time.Time) int64 {
	if e.ReceivedAt.IsZero() {
		return now().UnixMicro()
	}
	return e.ReceivedAt.UnixMicro()
}
