package status

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// passes returns a function that reports whether a row passes a filter. Words are
// searched in all texts that the row shows. It does not allocate.
func passes(k receiver.Kind) func(f *filter.Filter, r *Row, now time.Time) bool {
	return func(f *filter.Filter, r *Row, now time.Time) bool {
		words := [...]string{
			r.ID(), r.name.Value(), r.typ.Value(), r.host.Value(), r.status.Value(), r.class.String(), r.SubStatus(), "", "", "",
		}
		trust := r.trust
		if r.Seq == 0 {
			trust = receiver.NoTrust // without a delivery there is no verdict
		} else if trust < receiver.FullTrust {
			words[7] = trust.String()
		}
		if !r.live {
			words[8] = "test" // shown as TEST, but words match in upper and lower case
		}
		if r.fromAPI() {
			words[9] = apiWord
		}
		return f.Match(&filter.Subject{
			Kind: k, Status: receiver.Status(r.status.Value()), SubStatus: receiver.Status(r.SubStatus()), Class: r.class, Final: r.final, Live: r.live, Trust: trust,
			ID: r.ID(), Name: r.name.Value(), Type: r.typ.Value(), Host: r.host.Value(), Seq: r.Seq, At: timeOf(r.changed), Words: words[:],
		}, now)
	}
}

// values calls found with each value of a row that a filter can ask for.
func values(k receiver.Kind, r *Row, found func(k filter.Key, value string)) {
	s := filter.Subject{
		Kind: k, Status: receiver.Status(r.status.Value()), SubStatus: receiver.Status(r.SubStatus()), Class: r.class, Final: r.final, Live: r.live,
		Name: r.name.Value(), Type: r.typ.Value(), Host: r.host.Value(),
	}
	if r.Seq != 0 {
		s.Trust = r.trust
	}
	s.Values(found)
}
