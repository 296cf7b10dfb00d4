package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

var _ receiver.Checkpoints = (*Log)(nil)

// Checkpoint implements receiver.Checkpoints.
func (l *Log) Checkpoint(ctx context.Context, name string) (p receiver.Checkpoint, ok bool, err error) {
	read, leave, err := l.enter(ctx)
	if err != nil {
		return receiver.Checkpoint{}, false, err
	}
	defer leave()
	err = l.reader.each(read, oneProgress, []any{[]byte(name)}, func(rows *sql.Rows) error {
		ok = true
		_, p, err = scanProgress(rows)
		return err
	})
	if err != nil {
		return receiver.Checkpoint{}, false, l.readError(ctx, "read the progress of "+name, err)
	}
	return p, ok, nil
}

func scanProgress(rows *sql.Rows) (name string, p receiver.Checkpoint, err error) {
	var done sql.RawBytes
	if err := rows.Scan(&name, &p.Cursor, &done); err != nil {
		return "", receiver.Checkpoint{}, err
	}
	p.Done, err = decodePlaces(string(done), p.Cursor)
	return name, p, err
}

// SaveCheckpoint implements receiver.Checkpoints.
func (l *Log) SaveCheckpoint(ctx context.Context, name string, p receiver.Checkpoint) error {
	if err := checkProgress(name, p); err != nil {
		return err
	}
	done := appendPlaces(nil, p.Cursor, p.Done)
	return l.enterIn(ctx, func(c *conn) error { return c.change(putProgress, []byte(name), p.Cursor, done) })
}

// checkProgress refuses what could not be read again, or would have retention
// believe that everything is done.
func checkProgress(name string, p receiver.Checkpoint) error {
	if name == "" {
		return errors.New("save the progress of a reader: it has no name")
	}
	before := p.Cursor
	for _, seq := range p.Done {
		if seq <= before {
			return fmt.Errorf("save the progress of %s: %d comes after %d", name, seq, before)
		}
		before = seq
	}
	return nil
}

// AddFailure implements receiver.Checkpoints.
func (l *Log) AddFailure(ctx context.Context, f receiver.Failure) error {
	if f.Reader == "" {
		return fmt.Errorf("give up event %d: its reader has no name", f.Seq)
	}
	return l.enterIn(ctx, func(c *conn) error {
		return c.change(putFailure, []byte(f.Reader), f.Seq, f.At.UnixMicro(), int64(f.Tries), []byte(f.Reason))
	})
}

// Failures implements receiver.Checkpoints. Of several readers' failures of one
// event, the reader's name decides.
func (l *Log) Failures(ctx context.Context, name string) ([]receiver.Failure, error) {
	read, leave, err := l.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	var failures []receiver.Failure
	err = l.reader.each(read, listFailures, []any{[]byte(name)}, func(rows *sql.Rows) error {
		var f receiver.Failure
		var at int64
		err := rows.Scan(&f.Reader, &f.Seq, &at, &f.Tries, &f.Reason)
		f.At = time.UnixMicro(at).UTC()
		failures = append(failures, f)
		return err
	})
	if err != nil {
		return nil, l.readError(ctx, "read what was given up", err)
	}
	return failures, nil
}

// RemoveFailure implements receiver.Checkpoints.
func (l *Log) RemoveFailure(ctx context.Context, name string, seq int64) error {
	return l.enterIn(ctx, func(c *conn) error {
		_, err := c.run(dropFailure, []driver.NamedValue{{Ordinal: 1, Value: []byte(name)}, {Ordinal: 2, Value: seq}})
		return err
	})
}

// RemoveReader takes a reader out of the ledger, its progress and its failures: it
// will not come back, and retention waits for it no longer. That it is not in
// it is no error.
func (l *Log) RemoveReader(ctx context.Context, name string) error {
	return l.enterIn(ctx, func(c *conn) error {
		for _, drop := range []string{dropProgress, dropFailures} {
			if _, err := c.run(drop, []driver.NamedValue{{Ordinal: 1, Value: []byte(name)}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// enterIn has the writer change the ledger, together with whatever else is
// queued, and waits until that is on disk.
func (l *Log) enterIn(ctx context.Context, change func(*conn) error) error {
	return l.store(ctx, &request{done: make(chan struct{}), change: change})
}

// Places after another are kept as the steps between them.
const placesVersion = 1

func appendPlaces(dst []byte, before int64, places []int64) []byte {
	enc := encoder{dst}
	enc.byte(placesVersion)
	enc.uint(uint64(len(places)))
	for _, seq := range places {
		enc.uint(uint64(seq - before))
		before = seq
	}
	return enc.b
}

func decodePlaces(s string, before int64) ([]int64, error) {
	d := decoder{s: s}
	d.version(placesVersion)
	n := d.count()
	if n == 0 {
		return nil, d.err
	}
	places := make([]int64, n)
	for i := range places {
		before += int64(d.uint())
		places[i] = before
	}
	return places, d.err
}
