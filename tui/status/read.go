package status

import (
	"context"

	"github.com/up42/up42-webhooks/receiver"
)

// Read reads a page of rows.
func Read(ctx context.Context, log receiver.Reader, q receiver.RowQuery) ([]*Row, error) {
	rows, err := log.Rows(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([]*Row, len(rows))
	for i := range rows {
		out[i] = RowOf(&rows[i])
	}
	return out, nil
}
