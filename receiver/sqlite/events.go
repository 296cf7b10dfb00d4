package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
)

// defaultPage is the size of a page where none is asked for.
const defaultPage = 100

// nextBytes is how many bytes of bodies a page of Next holds at the most, but for
// its last event: a reader that fell behind large ones catches up in steps.
const nextBytes = 8 << 20

// errEnough ends a page early.
var errEnough = errors.New("enough was read")

// Next implements receiver.Reader. It hears of this log's own events at once,
// of another process's within Options.Poll. A page of large events has fewer.
func (l *Log) Next(ctx context.Context, after int64, max int) ([]*receiver.Event, error) {
	read, leave, err := l.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	q := receiver.EventQuery{After: after, Limit: max, Oldest: true}
	for {
		// The version before the look: what comes in between ends the wait.
		seen := l.watch.version()
		events, err := l.events(read, q, nextBytes)
		if err != nil {
			return nil, l.readError(ctx, "read events", err)
		}
		if len(events) > 0 {
			return events, nil
		}
		if _, err := l.watch.wait(read, seen); err != nil {
			return nil, l.readError(ctx, "wait for events", err)
		}
	}
}

// Events implements receiver.Reader. A page is in memory as a whole, so a large
// Limit costs as much as its events are long.
func (l *Log) Events(ctx context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
	read, leave, err := l.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	events, err := l.events(read, q, math.MaxInt)
	return events, l.readError(ctx, "read events", err)
}

// events reads a page, which ends early once it holds so many bytes of bodies.
func (l *Log) events(ctx context.Context, q receiver.EventQuery, most int) ([]*receiver.Event, error) {
	after, before, limit := bounds(q.After, q.Before, q.Limit)
	since := int64(math.MinInt64)
	if !q.Since.IsZero() {
		if since = q.Since.UnixMicro(); q.Since.Nanosecond()%1000 != 0 {
			since++
		}
		first, err := l.firstSince(ctx, since, q.Rejected)
		if err != nil || first < 0 {
			return nil, err
		}
		after = max(after, first-1)
	}
	events := make([]*receiver.Event, 0, min(limit, 1024))
	err := l.reader.each(ctx, eventsQuery(q), []any{after, before, since, limit}, func(rows *sql.Rows) error {
		e, err := scanEvent(rows)
		if err != nil {
			return err
		}
		events = append(events, e)
		if most -= len(e.Raw); most <= 0 {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	if !q.Oldest {
		slices.Reverse(events)
	}
	return events, nil
}

// firstSince is a place that everything received since is not before; -1 where
// there is nothing. The few rejections need none.
func (l *Log) firstSince(ctx context.Context, micros int64, rejected bool) (seq int64, err error) {
	if rejected {
		return 0, nil
	}
	err = l.reader.each(ctx, firstSince, []any{minuteOf(micros)}, func(rows *sql.Rows) error { return rows.Scan(&seq) })
	return seq, err
}

func eventsQuery(q receiver.EventQuery) string {
	switch {
	case q.Rejected && q.Oldest:
		return oldestRejected
	case q.Rejected:
		return newestRejected
	case q.Oldest:
		return oldestEvents
	default:
		return newestEvents
	}
}

func scanEvent(rows *sql.Rows) (*receiver.Event, error) {
	var s storedEvent
	var envelope, body sql.RawBytes
	if err := rows.Scan(&s.seq, &s.received, &s.verdict, &envelope, &body); err != nil {
		return nil, err
	}
	s.envelope, s.body = envelope, body
	return s.event()
}

// bounds are those of a query, with what it leaves open filled in.
func bounds(after, before int64, limit int) (int64, int64, int) {
	if before == 0 {
		before = math.MaxInt64
	}
	if limit <= 0 {
		limit = defaultPage
	}
	return after, before, limit
}
