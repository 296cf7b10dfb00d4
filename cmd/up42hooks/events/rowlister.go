package events

import (
	"context"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
)

// rowPageSize is how many rows are read at a time.
const rowPageSize = 1000

// rowLister prints rows in pages.
type rowLister struct {
	log   receiver.Reader
	query receiver.RowQuery
	// limit is how many rows to print. 0: all.
	limit int
	// keep selects rows. Nil keeps all.
	keep  func(*receiver.Row) bool
	print func([]receiver.Row) error

	// printed has the keys of the rows that were printed. newest is the highest
	// sequence number of a row that was read.
	printed map[receiver.Key]bool
	newest  int64
}

// run prints each row once, also if rows change meanwhile. A row that changes moves
// to the front, which was read already. So run reads the new front a second time and
// prints rows that were missed.
func (l *rowLister) run(ctx context.Context) error {
	l.printed = make(map[receiver.Key]bool)
	if err := l.pages(ctx, 0); err != nil || l.newest == 0 {
		return err
	}
	return l.pages(ctx, l.newest)
}

// pages prints the rows with sequence numbers after `after`, newest first.
func (l *rowLister) pages(ctx context.Context, after int64) error {
	q := l.query
	q.After = after
	for {
		if l.remaining() == 0 {
			return nil
		}
		if q.Limit = rowPageSize; l.keep == nil {
			q.Limit = min(q.Limit, l.remaining())
		}
		page, err := l.log.Rows(ctx, q)
		if err != nil || len(page) == 0 {
			return err
		}
		l.newest = max(l.newest, page[0].Seq)
		q.Before = page[len(page)-1].Seq
		if err := l.printNew(page); err != nil {
			return err
		}
	}
}

// remaining returns how many rows of the next page may be printed.
func (l *rowLister) remaining() int {
	if l.limit == 0 {
		return rowPageSize
	}
	return l.limit - len(l.printed)
}

// printNew prints the matching rows of a page that were not printed before.
func (l *rowLister) printNew(page []receiver.Row) error {
	page = slices.DeleteFunc(page, func(r receiver.Row) bool {
		return l.printed[r.Key] || l.keep != nil && !l.keep(&r)
	})
	page = page[:min(len(page), l.remaining())]
	if len(page) == 0 {
		return nil
	}
	for _, r := range page {
		l.printed[r.Key] = true
	}
	return l.print(page)
}
