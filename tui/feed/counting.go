package feed

import (
	"context"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/suggest"
)

// partsAtOnce is how many parts of the store are counted in a step. It takes some fifty
// milliseconds.
const partsAtOnce = 8

// FilterKeys implements suggest.Source.
func (p *Page) FilterKeys() []filter.Key { return filter.Keys() }

// Documented implements suggest.Source.
func (p *Page) Documented(k filter.Key) []string { return k.Values() }

// Counting implements suggest.Source: it counts the rejected deliveries, and then the events.
func (p *Page) Counting(f *filter.Filter) suggest.Step {
	_, all := p.Len()
	c := &counting{log: p.o.Log, filter: f, names: p.names.known, now: p.o.Now(), all: all, rejected: true}
	return c.step
}

// counting counts the values of deliveries.
type counting struct {
	log    receiver.Reader
	filter *filter.Filter
	names  map[string]string
	now    time.Time
	// rejected: those are counted now. before is greater than the numbers of the deliveries that
	// are not counted yet; 0: no limit.
	rejected     bool
	before       int64
	counted, all int
}

func (c *counting) step(ctx context.Context) (p suggest.Part) {
	q := c.filter.Search(receiver.EventQuery{Before: c.before, Rejected: c.rejected}, func() time.Time { return c.now })
	q.Numbers = true
	q.Match = func(e *receiver.Event) bool {
		if name := c.names[e.Webhook]; c.filter.EventThrough(e, name, c.now) {
			filter.EventValues(e, name, p.Tally.Add)
		}
		return false // so that no delivery is read
	}
	whole, parts, was := true, 0, c.counted
	for part, err := range receiver.Find(ctx, c.log, q) {
		if err != nil {
			return suggest.Part{Err: err}
		}
		c.counted, c.before = was+int(part.Searched), part.Cursor
		if parts++; parts == partsAtOnce {
			whole = false
			break
		}
	}
	p.Done = whole && !c.rejected
	if whole && c.rejected {
		c.rejected, c.before = false, 0
	}
	p.Counted, p.All = c.counted, max(c.all, c.counted)
	return p
}
