package exchange

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

func texts[S ~string](in []S) []Text {
	out := make([]Text, 0, len(in))
	for _, s := range in {
		out = append(out, Text(s))
	}
	return out
}

// EventOf returns an event as it is exported.
func EventOf(e *receiver.Event) *Event {
	p := &e.Proof
	out := &Event{
		Seq: e.Seq, ReceivedAt: e.ReceivedAt, Verdict: string(e.Verdict),
		Reason: Text(e.Reason), Secret: Text(e.Secret), Webhook: Text(e.Webhook), Ahead: e.Ahead, ConflictsWith: e.ConflictsWith,
		Plain: e.Plain, Admitted: e.Admitted, Rejection: e.Rejection, Origin: Text(e.Origin),
		Proof: Proof{
			Label: Text(p.Label), Components: texts(p.Components), Created: p.Created, Digest: Text(p.Digest),
			BodyCovered: p.BodyCovered, Age: Text(p.Age), MaxMessageAge: int64(p.MaxMessageAge), Method: Text(p.Method), Path: Text(p.Path), Remote: Text(p.Remote),
		},
		Body: conn.NotNull(e.Raw),
	}
	for _, h := range e.Headers {
		out.Headers = append(out.Headers, [2]Text{Text(h.Name), Text(h.Value)})
	}
	return out
}

// Event returns the event that was exported.
func (x *Event) Event() (*receiver.Event, error) {
	e, err := x.Undecoded()
	if err == nil {
		codec.DecodeBody(e)
	}
	return e, err
}

// Undecoded returns the event without what its body says.
func (x *Event) Undecoded() (*receiver.Event, error) {
	p := &x.Proof
	e := &receiver.Event{
		Seq: x.Seq, ReceivedAt: x.ReceivedAt, Verdict: receiver.Verdict(x.Verdict),
		Reason: receiver.Reason(x.Reason), Secret: receiver.SecretRef(x.Secret), Webhook: string(x.Webhook), Ahead: x.Ahead, ConflictsWith: x.ConflictsWith,
		Plain: x.Plain, Admitted: x.Admitted, Rejection: x.Rejection, Origin: string(x.Origin),
		Proof: receiver.Proof{
			Label: string(p.Label), Created: p.Created, Digest: string(p.Digest),
			BodyCovered: p.BodyCovered, Age: signature.Age(p.Age), MaxMessageAge: time.Duration(p.MaxMessageAge), Method: string(p.Method), Path: string(p.Path), Remote: string(p.Remote),
		},
		Raw: x.Body,
	}
	if known := codec.VerdictOf(codec.VerdictCode(e.Verdict)); known != e.Verdict {
		return nil, Changed("event %d has the verdict %q, which is unknown", x.Seq, safe.Shorten(x.Verdict, 60))
	}
	for _, c := range p.Components {
		e.Proof.Components = append(e.Proof.Components, string(c))
	}
	for _, h := range x.Headers {
		e.Headers = append(e.Headers, receiver.Header{Name: string(h[0]), Value: string(h[1])})
	}
	return e, nil
}
