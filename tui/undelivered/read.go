package undelivered

import (
	"context"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

// read reads the list, and the events that are new on it. It returns rows by their
// ids. Rows that have not changed are those in old.
func read(ctx context.Context, o *Options, old map[string]*Row) (map[string]*Row, error) {
	failures, err := o.Failures(ctx)
	if err != nil {
		return nil, err
	}
	rows := make(map[string]*Row, len(failures))
	for _, f := range failures {
		f.Reason = text.Own(f.Reason, 4*maxReason)
		id := idOf(f.Reader, f.Seq)
		was := old[id]
		if was != nil && same(&was.failure, &f) {
			rows[id] = was
			continue
		}
		var e event
		if was != nil {
			e = was.event
		} else if e, err = readEvent(ctx, o.Log, f.Seq); err != nil {
			return nil, err
		}
		rows[id] = rowOf(f, e)
	}
	return rows, nil
}

func same(f, g *receiver.Failure) bool {
	return f.At.Equal(g.At) && f.Tries == g.Tries && f.Reason == g.Reason
}

func readEvent(ctx context.Context, log receiver.Reader, seq int64) (event, error) {
	e, err := receiver.EventAt(ctx, log, seq, false)
	if err != nil || e == nil {
		return event{}, err
	}
	return eventOf(e), nil
}
