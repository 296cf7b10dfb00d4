// Package places keeps where in time admitted events came, which have the numbers of their
// admission. There are few of them, so whoever lists events in the order of arrival reads
// these lines and not the events.
package places

import (
	"context"
	"database/sql/driver"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// Table is its name.
const Table = "admitted_events"

// Schema makes the table, unless it is there.
const Schema = `
-- The admitted events, and where in time they came.
CREATE TABLE IF NOT EXISTS admitted_events (
	seq      INTEGER PRIMARY KEY,
	after    INTEGER NOT NULL,  -- the newest event that came before it
	received INTEGER NOT NULL   -- microseconds since 1970, when it came
) STRICT;
`

// Select lists the places of admitted events after a number.
const Select = `SELECT seq, after, received FROM admitted_events WHERE seq > ? ORDER BY seq`

const (
	add   = `INSERT OR REPLACE INTO admitted_events (seq, after, received) VALUES (?, ?, ?)`
	prune = `DELETE FROM admitted_events WHERE seq < (SELECT min(seq) FROM event_log)`

	// No event before the first one came in this minute or later, none after the second one before
	// it, unless the clock was put back.
	firstOfMinute = `SELECT coalesce((SELECT seq FROM minutes WHERE minute <= ? ORDER BY minute DESC LIMIT 1), (SELECT min(seq) FROM event_log), 0)`
	firstOfNext   = `SELECT coalesce((SELECT seq FROM minutes WHERE minute > ? ORDER BY minute LIMIT 1), 9223372036854775807)`

	// Whether the first of some events came by a time. Without events the result is empty.
	cameBy = `SELECT received <= ?3 FROM event_log WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq LIMIT 1`
)

// Add notes an admitted event, which is stored already, and came in a minute since 1970.
func Add(c *conn.Conn, e *receiver.Event, minute int64) error {
	at := e.ReceivedAt.UnixMicro()
	after, err := before(c, e.Seq, at, minute)
	if err != nil {
		return err
	}
	_, err = c.Run(add, e.Seq, after, at)
	return err
}

// Prune deletes the places of events that retention has deleted.
func Prune(c *conn.Conn) error {
	_, err := c.Run(prune)
	return err
}

// before returns the newest event before another one that came by a time.
func before(c *conn.Conn, seq, at, minute int64) (int64, error) {
	ctx := context.Background()
	first, err := c.Int(ctx, firstOfMinute, minute)
	if err != nil {
		return 0, err
	}
	next, err := c.Int(ctx, firstOfNext, minute)
	if err != nil {
		return 0, err
	}
	low, high := first-1, seq // the event is at low or after it, and before high
	if next > first {         // else the clock was put back
		high = min(high, next)
	}
	for high-low > 1 {
		middle := low + (high-low)/2
		came := false
		err := c.Each(ctx, cameBy, func(v []driver.Value) error {
			came = conn.Int(v[0]) != 0
			return nil
		}, middle, high-1, at)
		if err != nil {
			return 0, err
		}
		if came {
			low = middle
		} else {
			high = middle
		}
	}
	return max(0, low), nil
}
