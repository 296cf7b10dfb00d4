package sqlite

import (
	"fmt"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// An event is kept as its body, byte for byte, and its envelope: what the
// receiver knows of the delivery besides. What the body says is decoded anew
// when the event is read.

const (
	envelopeVersion = 1
	usualEnvelope   = 640 // bytes, or less
)

func appendEnvelope(dst []byte, e *receiver.Event) []byte {
	enc := encoder{slices.Grow(dst, usualEnvelope)}
	enc.byte(envelopeVersion)
	enc.str(string(e.Reason))
	enc.str(string(e.Secret))
	enc.str(e.Webhook)
	encodeProof(&enc, &e.Proof)
	enc.uint(uint64(len(e.Headers)))
	for _, h := range e.Headers {
		enc.str(h.Name)
		enc.str(h.Value)
	}
	return enc.b
}

func encodeProof(enc *encoder, p *receiver.Proof) {
	enc.str(p.Label)
	enc.uint(uint64(len(p.Components)))
	for _, c := range p.Components {
		enc.str(c)
	}
	enc.int(p.Created)
	enc.str(p.Digest)
	enc.byte(bit(p.BodyCovered, 0))
	enc.str(p.Method)
	enc.str(p.Path)
	enc.str(p.Remote)
}

// decodeEnvelope fills in what appendEnvelope wrote.
func decodeEnvelope(s string, e *receiver.Event) error {
	d := decoder{s: s}
	d.version(envelopeVersion)
	e.Reason = receiver.Reason(d.str())
	e.Secret = receiver.SecretRef(d.str())
	e.Webhook = d.str()
	decodeProof(&d, &e.Proof)
	if n := d.count(); n > 0 {
		e.Headers = make([]receiver.Header, n)
		for i := range e.Headers {
			e.Headers[i] = receiver.Header{Name: d.str(), Value: d.str()}
		}
	}
	return d.err
}

func decodeProof(d *decoder, p *receiver.Proof) {
	p.Label = d.str()
	if n := d.count(); n > 0 {
		p.Components = make([]string, n)
		for i := range p.Components {
			p.Components[i] = d.str()
		}
	}
	p.Created = d.int()
	p.Digest = d.str()
	p.BodyCovered = d.byte() != 0
	p.Method = d.str()
	p.Path = d.str()
	p.Remote = d.str()
}

func bit(set bool, n uint) byte {
	if !set {
		return 0
	}
	return 1 << n
}

// storedEvent is a line of the table of events, or of that of rejections.
type storedEvent struct {
	seq, received, verdict int64
	envelope, body         []byte
}

func (s *storedEvent) event() (*receiver.Event, error) {
	e := &receiver.Event{
		Seq: s.seq, ReceivedAt: time.UnixMicro(s.received).UTC(), Verdict: verdictOf(s.verdict),
		Raw: append([]byte(nil), s.body...),
	}
	if err := decodeEnvelope(string(s.envelope), e); err != nil {
		return nil, fmt.Errorf("event %d: %w", s.seq, err)
	}
	// A rejected body may be anything, and then says nothing.
	if m, err := receiver.Decode(e.Raw); err == nil {
		e.Message = m
	}
	return e, nil
}

// The codes of verdicts are in every store: never change one.
func verdictCode(v receiver.Verdict) int64 {
	switch v {
	case receiver.Verified:
		return 1
	case receiver.Trusted:
		return 2
	case receiver.Partial:
		return 3
	case receiver.Unsigned:
		return 4
	default:
		return 0
	}
}

func verdictOf(code int64) receiver.Verdict {
	switch code {
	case 1:
		return receiver.Verified
	case 2:
		return receiver.Trusted
	case 3:
		return receiver.Partial
	case 4:
		return receiver.Unsigned
	default:
		return receiver.Rejected
	}
}
