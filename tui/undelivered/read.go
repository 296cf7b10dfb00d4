package undelivered

import (
	"context"
	"fmt"

	"github.com/up42/up42-webhooks/receiver"
)

// read reads the list, and of events that are new on it what they say. Rows
// that have not changed are those that were.
func (p *Page) read(ctx context.Context, was map[string]*Row) (map[string]*Row, error) {
	failures, err := p.o.Failures(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what was given up: %w", err)
	}
	rows := make(map[string]*Row, len(failures))
	for _, f := range failures {
		k := keyOf(f.Reader, f.Seq)
		old := was[k]
		if old != nil && same(&old.failure, &f) {
			rows[k] = old
			continue
		}
		var e event
		if old != nil {
			e = old.event
		} else if e, err = p.readEvent(ctx, f.Seq); err != nil {
			return nil, err
		}
		rows[k] = rowOf(f, e)
	}
	return rows, nil
}

func same(f, g *receiver.Failure) bool {
	return f.At.Equal(g.At) && f.Tries == g.Tries && f.Reason == g.Reason
}

func (p *Page) readEvent(ctx context.Context, seq int64) (event, error) {
	found, err := p.o.Log.Events(ctx, receiver.EventQuery{After: seq - 1, Limit: 1, Oldest: true})
	if err != nil {
		return event{}, fmt.Errorf("read event %d: %w", seq, err)
	}
	if len(found) == 0 || found[0].Seq != seq {
		return event{}, nil
	}
	return eventOf(found[0]), nil
}
