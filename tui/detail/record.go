package detail

import (
	"context"

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
		e, err := receiver.EventAt(ctx, log, s.Seq, s.Rejected)
		return record{event: e}, err
	}
	row, ok, err := log.Row(ctx, s.Key)
	if err != nil || !ok {
		return record{}, err
	}
	e, err := receiver.EventAt(ctx, log, row.Seq, false)
	return record{row: &row, event: e}, err
}
