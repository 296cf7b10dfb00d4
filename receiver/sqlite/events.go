package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/places"
)

// defaultPage is the size of a page if the query has none.
const defaultPage = 100

// errPageFull ends a page early.
var errPageFull = errors.New("the page is full")

// Next implements receiver.Reader. It returns events of this log at once, and events of
// another process within Options.Poll.
func (l *Log) Next(ctx context.Context, after int64, max int) ([]*receiver.Event, error) {
	read, end, err := l.beginRead(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	for {
		// The version before the read: an event that comes after the read ends the wait.
		seen := l.watch.version()
		events, err := l.next(read, receiver.EventQuery{After: after, Limit: max, Oldest: true})
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

// next reads a page of the oldest events. In the log of the writer it looks for the newest
// events in memory, and does not ask the store for events if none came.
func (l *Log) next(ctx context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
	if l.writer == nil {
		return l.events(ctx, q)
	}
	_, _, limit := bounds(0, 0, q.Limit)
	records := l.writer.tail.After(q.After, limit)
	if len(records) == 0 {
		if l.watch.lastEvent() <= q.After {
			return nil, nil
		}
		return l.events(ctx, q)
	}
	events := make([]*receiver.Event, len(records))
	for i := range records {
		var err error
		if events[i], err = records[i].Event(); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// Events implements receiver.Reader.
func (l *Log) Events(ctx context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
	read, end, err := l.beginRead(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	events, err := l.events(read, q)
	return events, l.readError(ctx, "read events", err)
}

// Places implements receiver.Placer.
func (l *Log) Places(ctx context.Context, after int64) (all []receiver.Place, err error) {
	read, end, err := l.beginRead(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	err = l.reader.each(read, places.Select, []any{after}, func(rows *sql.Rows) error {
		var p receiver.Place
		var at int64
		err := rows.Scan(&p.Seq, &p.After, &at)
		p.At = time.UnixMicro(at).UTC()
		all = append(all, p)
		return err
	})
	return all, l.readError(ctx, "read the places of admitted events", err)
}

// events reads a page.
func (l *Log) events(ctx context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
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
	atMost := limit
	if !q.Since.IsZero() {
		atMost = -1 // no limit: some are skipped below
	}
	events, room := make([]*receiver.Event, 0, min(limit, 1024)), l.options.pageBytes
	err := l.reader.each(ctx, eventsQuery(q), []any{after, before, since, atMost}, func(rows *sql.Rows) error {
		e, err := scanEvent(rows)
		if err != nil {
			return err
		}
		if e.ReceivedAt.Before(q.Since) {
			return nil // it was admitted since, and came before
		}
		events = append(events, e)
		if room -= e.Size(); room <= 0 || len(events) == limit {
			return errPageFull
		}
		return nil
	})
	if err != nil && !errors.Is(err, errPageFull) {
		return nil, err
	}
	if !q.Oldest {
		slices.Reverse(events)
	}
	return events, nil
}

// firstSince returns a seq so that no event before it was received in the minute of the
// time or later; -1 if there is no such event. There are too few rejected deliveries to
// need this.
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
	var r codec.Record
	var envelope, body sql.RawBytes
	if err := rows.Scan(&r.Seq, &r.Received, &r.Verdict, &envelope, &body); err != nil {
		return nil, err
	}
	r.Envelope, r.Body = envelope, body
	return r.Event()
}

// bounds returns the bounds of a query with its defaults.
func bounds(after, before int64, limit int) (int64, int64, int) {
	if before == 0 {
		before = math.MaxInt64
	}
	if limit <= 0 {
		limit = defaultPage
	}
	return after, before, limit
}
