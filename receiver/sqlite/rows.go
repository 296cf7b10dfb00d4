package sqlite

import (
	"cmp"
	"context"
	"database/sql"
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
	for _, kind := range kinds(q.Kind) {
		code, ok := kind.Code()
		if !ok {
			continue
		}
		err := l.reader.each(ctx, query, []any{code, after, before, limit}, func(r *sql.Rows) error {
			rows = append(rows, receiver.Row{Key: receiver.Key{Kind: kind}})
			return scan(r, &rows[len(rows)-1])
		})
		if err != nil {
			return nil, err
		}
	}
	if q.Kind == "" {
		slices.SortFunc(rows, func(a, b receiver.Row) int { return cmp.Compare(b.Seq, a.Seq) })
		rows = rows[:min(limit, len(rows))]
	}
	return rows, nil
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
		return scanRowWithUpdates(rows, &r)
	})
	if err != nil {
		return receiver.Row{}, false, l.readError(ctx, "read a row", err)
	}
	return r, ok, nil
}

func scanRow(rows *sql.Rows, r *receiver.Row) error {
	var state sql.RawBytes
	if err := rows.Scan(&r.ID, &r.Test, &r.Seq, &state); err != nil {
		return err
	}
	return codec.DecodeState(state, r)
}

func scanRowWithUpdates(rows *sql.Rows, r *receiver.Row) error {
	var state, updates sql.RawBytes
	if err := rows.Scan(&r.ID, &r.Test, &r.Seq, &state, &updates); err != nil {
		return err
	}
	if err := codec.DecodeState(state, r); err != nil {
		return err
	}
	var err error
	r.Updates, err = codec.DecodeUpdates(updates)
	return err
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
