package undelivered

import (
	"context"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/suggest"
)

// FilterKeys implements suggest.Source.
func (p *Page) FilterKeys() []filter.Key { return filter.UndeliveredKeys() }

// Documented implements suggest.Source.
func (p *Page) Documented(k filter.Key) []string { return k.Values() }

// Counting implements suggest.Source: it counts the events on the page.
func (p *Page) Counting(f *filter.Filter) suggest.Step {
	rows, now := p.Rows(), p.o.Now()
	return func(context.Context) (part suggest.Part) {
		for _, r := range rows {
			if passes(f, r, now) {
				values(r, part.Tally.Add)
			}
		}
		part.Counted, part.All, part.Done = len(rows), len(rows), true
		return part
	}
}

// values calls found with each value of a row that a filter can ask for.
func values(r *Row, found func(k filter.Key, value string)) {
	e := &r.event
	s := filter.Subject{
		Kind: e.key.Kind, Status: receiver.Status(e.status), SubStatus: receiver.Status(e.sub), Class: e.class, Final: e.final, Live: e.live,
		Event: e.name, Verdict: e.verdict, Name: e.title, Type: e.typ, Host: e.host,
	}
	s.Values(found)
}
