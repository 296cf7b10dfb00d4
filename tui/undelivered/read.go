package undelivered

import (
	"context"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

// MaxRows is how many rows the page has at most: those of the newest events.
const MaxRows = 2_000

// read reads the newest part of the list, and the events that are new on it. It returns
// rows by their ids, and how many older ones the list has. Rows that have not changed are
// those in old.
func read(ctx context.Context, o *Options, old map[string]*Row) (_ map[string]*Row, older int, err error) {
	failures, err := o.Failures(ctx)
	if err != nil {
		return nil, 0, err
	}
	older = max(0, len(failures)-MaxRows)
	failures = failures[older:]
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
			return nil, 0, err
		}
		rows[id] = rowOf(f, e)
	}
	return rows, older, nil
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
