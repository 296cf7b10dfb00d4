package status

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// passes says whether a filter lets a row pass. Text is looked for in all that
// the row shows, in words. Nothing of it is kept, so that nothing is allocated.
func (p *Page) passes(f *filter.Filter, r *Row, now time.Time) bool {
	words := [...]string{
		r.ID, r.name.Value(), r.typ.Value(), r.host.Value(), r.status.Value(), r.class.String(), r.SubStatus(), "", "", "",
	}
	trust := r.trust
	if r.Seq == 0 {
		trust = receiver.NoTrust // there is no delivery that could have a verdict
	} else if trust < receiver.FullTrust {
		words[7] = trust.String()
	}
	if !r.live {
		words[8] = "test"
	}
	if r.fromAPI() {
		words[9] = apiWord
	}
	return f.Match(&filter.Subject{
		Kind: p.kind, Status: receiver.Status(r.status.Value()), Class: r.class, Final: r.final, Live: r.live, Trust: trust,
		ID: r.ID, Name: r.name.Value(), Type: r.typ.Value(), Host: r.host.Value(), Seq: r.Seq, At: timeOf(r.changed), Words: words[:],
	}, now)
}
