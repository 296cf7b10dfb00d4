package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// totals are the store's counters, kept in it so that nobody has to count a
// million events.
type totals struct {
	receiver.Counts
	arrival int64 // microseconds since 1970; 0: none yet
}

// state is what tells two states of the store apart. Each number only grows.
type state struct{ events, rejected, duplicates int64 }

func (t *totals) state() state { return state{t.LastSeq, t.Rejected, t.Duplicates} }

func (t *totals) add(v receiver.Verdict) {
	switch v {
	case receiver.Verified:
		t.Verified++
	case receiver.Trusted:
		t.Trusted++
	case receiver.Partial:
		t.Partial++
	case receiver.Unsigned:
		t.Unsigned++
	}
}

// addRows counts n more rows of a kind.
func (t *totals) addRows(k receiver.Kind, n int64) {
	t.Rows.Add(k, n)
}

func (t *totals) arrived(micros int64) { t.arrival = max(t.arrival, micros) }

// fields are the counters in the order of the queries for them.
func (t *totals) fields() []*int64 {
	return []*int64{
		&t.LastSeq, &t.Verified, &t.Trusted, &t.Partial, &t.Unsigned,
		&t.Rejected, &t.Duplicates, &t.Rows[0], &t.Rows[1], &t.arrival, &t.Deleted,
	}
}

// counts completes what is derived.
func (t *totals) counts() receiver.Counts {
	c := t.Counts
	c.LastRejected = c.Rejected // rejections are numbered as they are counted
	if t.arrival != 0 {
		c.LastArrival = time.UnixMicro(t.arrival).UTC()
	}
	return c
}

func (t *totals) load(c *conn) error {
	return c.each(context.Background(), getCounters, nil, func(v []driver.Value) error {
		for i, f := range t.fields() {
			*f, _ = v[i].(int64)
		}
		return nil
	})
}

func (t *totals) save(c *conn) error {
	var args []driver.NamedValue
	for i, f := range t.fields() {
		args = append(args, driver.NamedValue{Ordinal: i + 1, Value: *f})
	}
	_, err := c.run(putCounters, args)
	return err
}

func (t *totals) scan(rows *sql.Rows) error {
	var dest []any
	for _, f := range t.fields() {
		dest = append(dest, f)
	}
	return rows.Scan(dest...)
}
