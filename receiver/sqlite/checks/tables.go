// Package checks finds what is wrong in the small tables of a store: whatever a reader or the
// writer takes for damage, or can't export.
package checks

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/places"
)

const (
	selectRejected    = `SELECT seq, received, verdict, envelope, body FROM rejected_log ORDER BY seq`
	selectCheckpoints = `SELECT reader, cursor, done FROM checkpoints ORDER BY reader`
	selectFailures    = `SELECT reader, seq, at FROM failures ORDER BY seq, reader`
	selectJumps       = `SELECT seq, at FROM clock_jumps ORDER BY number`
	hasTable          = `SELECT count(*) FROM sqlite_schema WHERE name = ?`
	countLines        = `SELECT (SELECT count(*) FROM counters) = 1 AND (SELECT count(*) FROM row_indexed) = 1`
)

// Tables are the small tables of a store. Each has one line for each reader, or some thousand lines.
type Tables struct {
	Conn *conn.Conn
	// LastEvent and LastRejected are the last numbers that were given.
	LastEvent, LastRejected int64
	// Problem is called with each problem.
	Problem func(format string, args ...any)
}

// Check checks all of them.
func (t *Tables) Check(ctx context.Context) error {
	for _, check := range []func(context.Context) error{t.lines, t.rejected, t.checkpoints, t.failures, t.jumps, t.places} {
		if err := check(ctx); err != nil {
			return err
		}
	}
	return nil
}

// lines checks that the tables that have one line have it: to change one that is missing is no error
// for SQLite.
func (t *Tables) lines(ctx context.Context) error {
	there, err := t.Conn.Int(ctx, countLines)
	if there == 0 && err == nil {
		t.Problem("the line of its counters or of its index of rows is missing")
	}
	return err
}

func (t *Tables) rejected(ctx context.Context) error {
	return t.Conn.Each(ctx, selectRejected, func(v []driver.Value) error {
		r := codec.Record{Seq: conn.Int(v[0]), Received: conn.Int(v[1]), Verdict: conn.Int(v[2]), Envelope: conn.Blob(v[3]), Body: conn.Blob(v[4])}
		e, err := r.Event()
		switch {
		case err != nil:
			t.Problem("a rejected delivery can't be read: %v", err)
		case e.Verdict != receiver.Rejected:
			t.Problem("the rejected delivery %d is %s", r.Seq, e.Verdict)
		case !HasItsTimes(e):
			t.Problem("the rejected delivery %d has an impossible time", r.Seq)
		case r.Seq < 1 || r.Seq > t.LastRejected: // a new one could not have that number
			t.Problem("there is a rejected delivery %d, the store says that the last one is %d", r.Seq, t.LastRejected)
		}
		return nil
	})
}

func (t *Tables) checkpoints(ctx context.Context) error {
	return t.Conn.Each(ctx, selectCheckpoints, func(v []driver.Value) error {
		name, cursor := safe.Name(string(conn.Blob(v[0]))), conn.Int(v[1])
		done, err := codec.DecodeSpans(conn.Blob(v[2]), cursor)
		last := cursor
		for _, s := range done {
			if err == nil && (s.First <= last || s.Last < s.First) {
				err = codec.ErrInvalid
			}
			last = s.Last
		}
		switch {
		case err != nil:
			t.Problem("the checkpoint of %q can't be read: %v", name, err)
		case name == "" || cursor < 0 || last > t.LastEvent: // its reader would skip events that come
			t.Problem("the checkpoint of %q says that event %d is done, the last one is %d", name, last, t.LastEvent)
		}
		return nil
	})
}

func (t *Tables) failures(ctx context.Context) error {
	return t.Conn.Each(ctx, selectFailures, func(v []driver.Value) error {
		name, seq := safe.Name(string(conn.Blob(v[0]))), conn.Int(v[1])
		switch {
		case name == "" || seq < 1 || !IsTime(time.UnixMicro(conn.Int(v[2]))):
			t.Problem("%q gave up event %d at an impossible time, or has no name", name, seq)
		case seq > t.LastEvent: // the event that gets this number would count as given up
			t.Problem("%q gave up event %d, the last one is %d", name, seq, t.LastEvent)
		}
		return nil
	})
}

func (t *Tables) jumps(ctx context.Context) error {
	return t.Conn.Each(ctx, selectJumps, func(v []driver.Value) error {
		if !IsTime(time.UnixMicro(conn.Int(v[1]))) {
			t.Problem("the clock jumped at an impossible time, after event %d", conn.Int(v[0]))
		}
		return nil
	})
}

// places checks where admitted events came. The first stores have no table of that.
func (t *Tables) places(ctx context.Context) error {
	if n, err := t.Conn.Int(ctx, hasTable, places.Table); err != nil || n == 0 {
		return err
	}
	return t.Conn.Each(ctx, places.Select, func(v []driver.Value) error {
		seq, after := conn.Int(v[0]), conn.Int(v[1])
		if after < 0 || after >= seq || seq > t.LastEvent || !IsTime(time.UnixMicro(conn.Int(v[2]))) {
			t.Problem("the admitted event %d came at an impossible place, after event %d", seq, after)
		}
		return nil
	}, int64(-1))
}
