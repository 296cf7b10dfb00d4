package detail

import (
	"context"
	"fmt"

	"github.com/up42/up42-webhooks/receiver"
)

// record is what the store has about a subject: a row with its newest event, or
// only an event.
type record struct {
	row   *receiver.Row
	event *receiver.Event // nil if the store does not keep it any more
}

func read(ctx context.Context, log receiver.Reader, s Subject) (record, error) {
	if !s.isRow() {
		e, err := readEvent(ctx, log, s.Seq, s.Rejected)
		return record{event: e}, err
	}
	row, ok, err := log.Row(ctx, s.Key)
	if err != nil || !ok {
		return record{}, err
	}
	e, err := readEvent(ctx, log, row.Seq, false)
	return record{row: &row, event: e}, err
}

func readEvent(ctx context.Context, log receiver.Reader, seq int64, rejected bool) (*receiver.Event, error) {
	events, err := log.Events(ctx, receiver.EventQuery{After: seq - 1, Limit: 1, Oldest: true, Rejected: rejected})
	if err != nil {
		return nil, fmt.Errorf("read event %d: %w", seq, err)
	}
	if len(events) == 0 || events[0].Seq != seq {
		return nil, nil
	}
	return events[0], nil
}
