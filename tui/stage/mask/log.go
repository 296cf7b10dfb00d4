package mask

import (
	"context"
	"iter"

	"github.com/up42/up42-webhooks/receiver"
)

// log is a log in which all has stand-ins.
type log struct {
	receiver.Reader
	names *StandIns
}

var (
	_ receiver.Searcher    = log{}
	_ receiver.RowNumberer = log{}
	_ receiver.Placer      = log{}
)

func (l log) Wait(ctx context.Context, after receiver.Version) (receiver.Version, error) {
	v, err := l.Reader.Wait(ctx, after)
	return v, private(err)
}

func (l log) Counts(ctx context.Context) (receiver.Counts, error) {
	c, err := l.Reader.Counts(ctx)
	return c, private(err)
}

func (l log) Next(ctx context.Context, after int64, max int) ([]*receiver.Event, error) {
	all, err := l.Reader.Next(ctx, after, max)
	return l.names.events(all), private(err)
}

func (l log) Events(ctx context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
	all, err := l.Reader.Events(ctx, q)
	return l.names.events(all), private(err)
}

func (l log) Rows(ctx context.Context, q receiver.RowQuery) ([]receiver.Row, error) {
	all, err := l.Reader.Rows(ctx, q)
	out := make([]receiver.Row, len(all))
	for i := range all {
		out[i] = l.names.row(all[i])
	}
	return out, private(err)
}

func (l log) Row(ctx context.Context, k receiver.Key) (receiver.Row, bool, error) {
	k.ID = l.names.Real(k.ID)
	r, ok, err := l.Reader.Row(ctx, k)
	return l.names.row(r), ok, private(err)
}

// Search finds by stand-ins.
func (l log) Search(ctx context.Context, q receiver.Search) iter.Seq2[receiver.Found, error] {
	match := q.Match
	q.Match = func(e *receiver.Event) bool { return match(l.names.event(e)) }
	ids := make([]string, len(q.IDs))
	for i, id := range q.IDs {
		ids[i] = l.names.Real(id)
	}
	if q.IDs != nil {
		q.IDs = ids
	}
	return func(yield func(receiver.Found, error) bool) {
		for found, err := range receiver.Find(ctx, l.Reader, q) {
			found.Events = l.names.events(found.Events)
			if !yield(found, private(err)) {
				return
			}
		}
	}
}

func (l log) RowNumbers(ctx context.Context, k receiver.Kind, before int64, limit int) ([]int64, error) {
	all, err := receiver.RowNumbers(ctx, l.Reader, k, before, limit)
	return all, private(err)
}

func (l log) Places(ctx context.Context, after int64) ([]receiver.Place, error) {
	all, err := receiver.Places(ctx, l.Reader, after)
	return all, private(err)
}
