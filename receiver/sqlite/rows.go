package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
)

// Rows implements receiver.Reader.
func (l *Log) Rows(ctx context.Context, q receiver.RowQuery) ([]receiver.Row, error) {
	read, end, err := l.beginRead(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	rows, err := l.rows(read, q)
	return rows, l.readError(ctx, "read rows", err)
}

func (l *Log) rows(ctx context.Context, q receiver.RowQuery) ([]receiver.Row, error) {
	after, before, limit := bounds(q.After, q.Before, q.Limit)
	query, scan := listRows, scanRow
	if q.Updates {
		query, scan = listRowsWithUpdates, scanRowWithUpdates
	}
	rows := make([]receiver.Row, 0, min(limit, 1024))
	least := int64(0) // rows of some kind are missing before it
	for _, kind := range kinds(q.Kind) {
		code, ok := kind.Code()
		if !ok {
			continue
		}
		room := l.options.pageBytes
		err := l.reader.each(ctx, query, []any{code, after, before, limit}, func(r *sql.Rows) error {
			rows = append(rows, receiver.Row{Key: receiver.Key{Kind: kind}})
			row := &rows[len(rows)-1]
			size, err := scan(r, row)
			if room -= size; room <= 0 && err == nil {
				least = max(least, row.Seq)
				return errPageFull
			}
			return err
		})
		if err != nil && !errors.Is(err, errPageFull) {
			return nil, err
		}
	}
	if q.Kind == "" {
		rows = slices.DeleteFunc(rows, func(r receiver.Row) bool { return r.Seq < least })
		slices.SortFunc(rows, func(a, b receiver.Row) int { return cmp.Compare(b.Seq, a.Seq) })
		rows = rows[:min(limit, len(rows))]
	}
	return rows, nil
}

// RowNumbers implements receiver.RowNumberer. It reads the index of the table only.
func (l *Log) RowNumbers(ctx context.Context, k receiver.Kind, before int64, limit int) ([]int64, error) {
	read, end, err := l.beginRead(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	code, known := k.Code()
	if !known {
		return nil, nil
	}
	_, before, limit = bounds(0, before, limit)
	var out []int64
	err = l.reader.each(read, rowNumbers, []any{code, before, limit}, func(rows *sql.Rows) error {
		var seq int64
		err := rows.Scan(&seq)
		out = append(out, seq)
		return err
	})
	return out, l.readError(ctx, "read which rows there are", err)
}

// kinds returns the kinds to list: the one that was asked for, or all.
func kinds(asked receiver.Kind) []receiver.Kind {
	if asked != "" {
		return []receiver.Kind{asked}
	}
	return receiver.Kinds()
}

// Row implements receiver.Reader.
func (l *Log) Row(ctx context.Context, k receiver.Key) (r receiver.Row, ok bool, err error) {
	read, end, err := l.beginRead(ctx)
	if err != nil {
		return receiver.Row{}, false, err
	}
	defer end()
	code, known := k.Kind.Code()
	if !known {
		return receiver.Row{}, false, nil
	}
	err = l.reader.each(read, oneRow, []any{code, codec.TestCode(k), []byte(k.ID)}, func(rows *sql.Rows) error {
		ok, r.Kind = true, k.Kind
		_, err := scanRowWithUpdates(rows, &r)
		return err
	})
	if err != nil {
		return receiver.Row{}, false, l.readError(ctx, "read a row", err)
	}
	return r, ok, nil
}

// The size of a row in memory is about this many bytes, and those of its blobs. An update
// takes much less in its blob.
const (
	rowSize        = 400
	updatesInBytes = 8
)

// scanRow reads a row, and returns about how many bytes it takes in memory.
func scanRow(rows *sql.Rows, r *receiver.Row) (size int, err error) {
	var state sql.RawBytes
	if err := rows.Scan(&r.ID, &r.Test, &r.Seq, &state); err != nil {
		return 0, err
	}
	return rowSize + len(state), codec.DecodeState(state, r)
}

func scanRowWithUpdates(rows *sql.Rows, r *receiver.Row) (size int, err error) {
	var state, updates sql.RawBytes
	if err := rows.Scan(&r.ID, &r.Test, &r.Seq, &state, &updates); err != nil {
		return 0, err
	}
	if err := codec.DecodeState(state, r); err != nil {
		return 0, err
	}
	size = rowSize + len(state) + updatesInBytes*len(updates)
	r.Updates, err = codec.DecodeUpdates(updates)
	return size, err
}

// Counts implements receiver.Reader.
func (l *Log) Counts(ctx context.Context) (receiver.Counts, error) {
	read, end, err := l.beginRead(ctx)
	if err != nil {
		return receiver.Counts{}, err
	}
	defer end()
	var t counters
	err = l.reader.each(read, selectCounters, nil, func(rows *sql.Rows) error { return t.scan(rows) })
	if err != nil {
		return receiver.Counts{}, l.readError(ctx, "read the counters", err)
	}
	return t.counts(), nil
}
