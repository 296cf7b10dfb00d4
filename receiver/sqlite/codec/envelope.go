package codec

import (
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

const (
	envelopeVersion = 2
	// An envelope of this version has the origin of the event.
	originVersion = 3
	usualEnvelope = 896 // bytes, or less

	flagsAt = 1 // the place of the flags after the line
)

// The bits of the byte that follows the version.
const (
	aheadBit = iota
	plainBit
	admittedBit
	conflictBit
)

// AppendEnvelope appends an event's envelope to dst: what the receiver knows of the
// delivery besides its body. What the body says is decoded again when the event is read.
func AppendEnvelope(dst []byte, e *receiver.Event) []byte {
	return AppendRejected(dst, e, "")
}

// AppendRejected is AppendEnvelope for a rejected delivery, with the cause for its line.
func AppendRejected(dst []byte, e *receiver.Event, cause string) []byte {
	return appendEnvelope(appendEventLine(slices.Grow(dst, usualEnvelope+longHeaders(e)), e, cause), e)
}

// longHeaders is how much room the headers need if they are longer than usual. To append them
// without it would copy the envelope a dozen times.
func longHeaders(e *receiver.Event) int {
	room := 0
	for _, h := range e.Headers {
		room += len(h.Name) + len(h.Value) + 4
	}
	if room < usualEnvelope {
		return 0
	}
	return room
}

// appendEnvelope appends the envelope without the line.
func appendEnvelope(dst []byte, e *receiver.Event) []byte {
	enc := encoder{dst}
	if e.Origin == "" {
		enc.byte(envelopeVersion)
	} else {
		enc.byte(originVersion)
	}
	admitted := !e.Admitted.IsZero()
	enc.byte(bit(e.Ahead, aheadBit) | bit(e.Plain, plainBit) | bit(admitted, admittedBit))
	if admitted {
		enc.int(e.Admitted.UnixMicro())
		enc.int(e.ReceivedAt.UnixMicro())
		enc.int(e.Rejection)
	}
	if e.Origin != "" {
		enc.str(e.Origin)
	}
	enc.str(string(e.Reason))
	enc.str(string(e.Secret))
	enc.str(e.Webhook)
	encodeProof(&enc, &e.Proof)
	enc.uint(uint64(len(e.Headers)))
	for _, h := range e.Headers {
		enc.str(h.Name)
		enc.str(h.Value)
	}
	if e.ConflictsWith != 0 {
		return AppendConflict(enc.b, e.ConflictsWith)
	}
	return enc.b
}

// AppendConflict completes the envelope of an event that conflicts with another one.
func AppendConflict(envelope []byte, with int64) []byte {
	envelope = withConflict(envelope, with)
	WithoutLine(envelope)[flagsAt] |= 1 << conflictBit
	enc := encoder{envelope}
	enc.int(with)
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
	enc.str(string(p.Age))
	enc.int(int64(p.MaxMessageAge))
	enc.str(p.Method)
	enc.str(p.Path)
	enc.str(p.Remote)
}

// DecodeEnvelope sets in e what AppendEnvelope wrote.
func DecodeEnvelope(envelope []byte, e *receiver.Event) error {
	d := decoder{s: string(WithoutLine(envelope))}
	version := d.byte()
	if version != envelopeVersion && version != originVersion {
		d.fail()
	}
	flags := d.byte()
	e.Ahead, e.Plain = flags&(1<<aheadBit) != 0, flags&(1<<plainBit) != 0
	if flags&(1<<admittedBit) != 0 {
		e.Admitted = time.UnixMicro(d.int()).UTC()
		e.ReceivedAt = time.UnixMicro(d.int()).UTC()
		e.Rejection = d.int()
	}
	if version == originVersion {
		e.Origin = d.str()
	}
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
	if flags&(1<<conflictBit) != 0 {
		e.ConflictsWith = d.int()
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
	p.Age = signature.Age(d.str())
	p.MaxMessageAge = time.Duration(d.int())
	p.Method = d.str()
	p.Path = d.str()
	p.Remote = d.str()
}

// WithoutHeaders returns a shorter envelope that says how the delivery was judged. It
// has no headers. A proof longer than 1 KiB is reduced to the sender's address.
func WithoutHeaders(envelope []byte) []byte {
	const longProof = 1 << 10
	var e receiver.Event
	if DecodeEnvelope(envelope, &e) != nil {
		return envelope
	}
	e.Headers, e.Plain, e.ConflictsWith = nil, false, 0 // a rejected delivery conflicts with nothing
	line := len(envelope) - len(WithoutLine(envelope))
	short := appendEnvelope(slices.Clone(envelope[:line]), &e)
	if len(short)-line > longProof {
		e.Proof = receiver.Proof{Remote: e.Proof.Remote}
		short = appendEnvelope(short[:line], &e)
	}
	return slices.Clone(short) // without the room to grow
}
