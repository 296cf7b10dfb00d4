package status

import (
	"context"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/suggest"
)

// FilterKeys implements suggest.Source.
func (p *Page) FilterKeys() []filter.Key { return filter.RowKeys() }

// Documented implements suggest.Source. Only statuses of the page's kind are listed.
func (p *Page) Documented(k filter.Key) (values []string) {
	switch k {
	case filter.Status:
		for _, s := range p.view.kind.Statuses() {
			values = append(values, string(s.Name))
		}
		return values
	case filter.Kind:
		return []string{string(p.view.kind)}
	default:
		return k.Values()
	}
}

// Counting implements suggest.Source: it counts the rows of the table, and then the older ones.
func (p *Page) Counting(f *filter.Filter) suggest.Step {
	c := &counting{kind: p.view.kind, filter: f, now: p.view.now(), log: p.older.o.Log, rows: p.Rows(), before: p.older.before}
	_, c.all = p.Len()
	return c.step
}

// counting counts the values of rows.
type counting struct {
	kind   receiver.Kind
	filter *filter.Filter
	now    time.Time
	log    receiver.Reader
	rows   []*Row
	// before is greater than the numbers of the older rows that are not counted yet. 0: there are
	// none.
	before       int64
	counted, all int
}

func (c *counting) step(ctx context.Context) (p suggest.Part) {
	passes := passes(c.kind)
	n := min(len(c.rows), numbersAtOnce)
	for _, r := range c.rows[:n] {
		if passes(c.filter, r, c.now) {
			values(c.kind, r, p.Tally.Add)
		}
	}
	c.rows, c.counted = c.rows[n:], c.counted+n
	for page := 0; page < pagesAtOnce && len(c.rows) == 0 && c.before != 0 && p.Err == nil; page++ {
		p.Err = c.countOlder(ctx, &p.Tally)
	}
	p.Counted, p.All, p.Done = c.counted, max(c.all, c.counted), len(c.rows) == 0 && c.before == 0
	return p
}

// countOlder counts a page of rows that the table does not have.
func (c *counting) countOlder(ctx context.Context, t *suggest.Tally) error {
	rows, err := c.log.Rows(ctx, receiver.RowQuery{Kind: c.kind, Before: c.before, Limit: rowsAtOnce})
	if err != nil {
		return err
	}
	c.before = 0
	for i := range rows {
		r := &rows[i]
		if c.filter.Row(r, c.now) {
			filter.RowValues(r, t.Add)
		}
		c.before = r.Seq
	}
	c.counted += len(rows)
	return nil
}
