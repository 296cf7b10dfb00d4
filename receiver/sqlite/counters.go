package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
)

// counters are the store's counters. They are stored, so that nobody has to count a
// million events.
type counters struct {
	receiver.Counts
	arrival int64 // of the newest delivery, microseconds since 1970; 0: none
}

const (
	selectCounters = `SELECT last_seq, verified, trusted, partial, unsigned, rejected, duplicates, orders, jobs, last_arrival, deleted, conflicts, unmatched FROM counters`
	updateCounters = `UPDATE counters SET last_seq = ?, verified = ?, trusted = ?, partial = ?, unsigned = ?, rejected = ?, duplicates = ?,
		orders = ?, jobs = ?, last_arrival = ?, deleted = ?, conflicts = ?, unmatched = ?`
)

// The table has a column for the rows of each kind. This does not compile if there are
// more kinds than columns.
var _ [2]int64 = receiver.RowCounts{}

// fields are the counters in the order of the queries.
func (t *counters) fields() []*int64 {
	return []*int64{
		&t.LastSeq, &t.Verified, &t.Trusted, &t.Partial, &t.Unsigned,
		&t.Rejected, &t.Duplicates, &t.Rows[0], &t.Rows[1], &t.arrival, &t.Deleted, &t.Conflicts, &t.Unmatched,
	}
}

// addEvent counts an event.
func (t *counters) addEvent(e *receiver.Event) {
	if e.ConflictsWith != 0 {
		t.Conflicts++
	}
	if n := t.of(e.Verdict); n != nil {
		*n++
	}
}

// of returns how many events with a verdict were stored, nil if events do not have it.
func (t *counters) of(v receiver.Verdict) *int64 {
	switch v {
	case receiver.Verified:
		return &t.Verified
	case receiver.Trusted:
		return &t.Trusted
	case receiver.Partial:
		return &t.Partial
	case receiver.Unsigned:
		return &t.Unsigned
	default:
		return nil
	}
}

// arrived notes when a delivery was received.
func (t *counters) arrived(micros int64) { t.arrival = max(t.arrival, micros) }

// counts returns the counters as a reader sees them.
func (t *counters) counts() receiver.Counts {
	c := t.Counts
	c.LastRejected = c.Rejected // rejected deliveries are numbered as they are counted
	if t.arrival != 0 {
		c.LastArrival = time.UnixMicro(t.arrival).UTC()
	}
	return c
}

// exported returns the counters for an export.
func (t *counters) exported() exchange.Counters {
	return exchange.Counters{
		LastSeq: t.LastSeq, Verified: t.Verified, Trusted: t.Trusted, Partial: t.Partial, Unsigned: t.Unsigned, Deleted: t.Deleted,
		Rejected: t.Rejected, Duplicates: t.Duplicates, Conflicts: t.Conflicts, Unmatched: t.Unmatched, Orders: t.Rows.Of(receiver.Order), Jobs: t.Rows.Of(receiver.Job), LastArrival: t.arrival,
	}
}

// countersOf is the inverse of exported.
func countersOf(x *exchange.Counters) counters {
	return counters{arrival: x.LastArrival, Counts: receiver.Counts{
		LastSeq: x.LastSeq, Verified: x.Verified, Trusted: x.Trusted, Partial: x.Partial, Unsigned: x.Unsigned, Deleted: x.Deleted,
		Rejected: x.Rejected, Duplicates: x.Duplicates, Conflicts: x.Conflicts, Unmatched: x.Unmatched, Rows: receiver.RowCounts{x.Orders, x.Jobs},
	}}
}

func (t *counters) load(c *conn.Conn) error {
	return c.Each(context.Background(), selectCounters, func(v []driver.Value) error {
		for i, f := range t.fields() {
			*f = conn.Int(v[i])
		}
		return nil
	})
}

func (t *counters) save(c *conn.Conn) error {
	var values []driver.Value
	for _, f := range t.fields() {
		values = append(values, *f)
	}
	_, err := c.Run(updateCounters, values...)
	return err
}

func (t *counters) scan(rows *sql.Rows) error {
	var dest []any
	for _, f := range t.fields() {
		dest = append(dest, f)
	}
	return rows.Scan(dest...)
}
