package durations

import (
	"context"
	"fmt"

	"github.com/up42/up42-webhooks/receiver"
)

// Orders is how many orders are read at most, the newest ones.
const Orders = 2000

// page is how many orders are read at once.
const page = 200

// Read makes the table of the newest orders of a log.
func Read(ctx context.Context, log receiver.Reader) (*Table, error) {
	hs, t := hosts{}, &Table{}
	for left, before := Orders, int64(0); ; {
		rows, err := log.Rows(ctx, receiver.RowQuery{Kind: receiver.Order, Before: before, Limit: max(1, min(page, left)), Updates: left > 0})
		if err != nil {
			return nil, fmt.Errorf("read how long orders stay in each status: %w", err)
		}
		if t.Limited = len(rows) > 0 && left == 0; len(rows) == 0 || t.Limited {
			break
		}
		for i := range rows {
			hs.add(&rows[i])
		}
		left -= len(rows)
		before = rows[len(rows)-1].Seq
	}
	t.Lines = hs.lines()
	return t, nil
}
