package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite/batch"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/streams"
)

var _ receiver.Checkpoints = (*Log)(nil)

const (
	putCheckpoint    = `INSERT OR REPLACE INTO checkpoints (reader, cursor, done) VALUES (?, ?, ?)`
	putFailure       = `INSERT OR REPLACE INTO failures (reader, seq, at, tries, reason) VALUES (?, ?, ?, ?, ?)`
	deleteCheckpoint = `DELETE FROM checkpoints WHERE reader = ?`
	deleteFailures   = `DELETE FROM failures WHERE reader = ?`
	renameCheckpoint = `UPDATE OR REPLACE checkpoints SET reader = ? WHERE reader = ?`
	renameFailures   = `UPDATE OR REPLACE failures SET reader = ? WHERE reader = ?`
	deleteFailure    = `DELETE FROM failures WHERE reader = ? AND seq = ?`
)

// Checkpoint implements receiver.Checkpoints.
func (l *Log) Checkpoint(ctx context.Context, reader string) (p receiver.Checkpoint, ok bool, err error) {
	read, end, err := l.beginRead(ctx)
	if err != nil {
		return receiver.Checkpoint{}, false, err
	}
	defer end()
	err = l.reader.each(read, oneCheckpoint, []any{[]byte(reader)}, func(rows *sql.Rows) (err error) {
		ok = true
		var name, done sql.RawBytes
		if err := rows.Scan(&name, &p.Cursor, &done); err != nil {
			return err
		}
		p.Done, err = codec.DecodeSpans(done, p.Cursor)
		return err
	})
	if err != nil {
		return receiver.Checkpoint{}, false, l.readError(ctx, "read the checkpoint of "+safe.Name(reader), err)
	}
	return p, ok, nil
}

// SaveCheckpoint implements receiver.Checkpoints.
func (l *Log) SaveCheckpoint(ctx context.Context, reader string, p receiver.Checkpoint) error {
	if err := checkCheckpoint(reader, p); err != nil {
		return err
	}
	return l.change(ctx, func(c *conn.Conn) error { return saveCheckpoint(c, reader, p) })
}

func saveCheckpoint(c *conn.Conn, reader string, p receiver.Checkpoint) error {
	return c.Change(putCheckpoint, []byte(reader), p.Cursor, codec.AppendSpans(nil, p.Cursor, p.Done))
}

// checkCheckpoint refuses a checkpoint that could not be read again, or that would make
// retention believe that everything is done.
func checkCheckpoint(reader string, p receiver.Checkpoint) error {
	if reader == "" {
		return errors.New("a checkpoint has no name of its reader")
	}
	before := p.Cursor
	for _, s := range p.Done {
		if s.First <= before || s.Last < s.First {
			return fmt.Errorf("the checkpoint of %s is not in its order: %d to %d comes after %d", safe.Line(safe.Name(reader)), s.First, s.Last, before)
		}
		before = s.Last
	}
	return nil
}

// AddFailure implements receiver.Checkpoints.
func (l *Log) AddFailure(ctx context.Context, f receiver.Failure) error {
	if f.Reader == "" {
		return fmt.Errorf("save the failure of event %d: its reader has no name", f.Seq)
	}
	return l.change(ctx, func(c *conn.Conn) error { return saveFailure(c, f) })
}

func saveFailure(c *conn.Conn, f receiver.Failure) error {
	return c.Change(putFailure, []byte(f.Reader), f.Seq, f.At.UnixMicro(), int64(f.Tries), []byte(f.Reason))
}

// Failures implements receiver.Checkpoints. The failures of one event are in the order
// of their readers' names.
func (l *Log) Failures(ctx context.Context, reader string) ([]receiver.Failure, error) {
	read, end, err := l.beginRead(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	var failures []receiver.Failure
	err = l.reader.each(read, listFailures, []any{[]byte(reader)}, func(rows *sql.Rows) error {
		var f receiver.Failure
		var at int64
		err := rows.Scan(&f.Reader, &f.Seq, &at, &f.Tries, &f.Reason)
		f.At = time.UnixMicro(at).UTC()
		failures = append(failures, f)
		return err
	})
	if err != nil {
		return nil, l.readError(ctx, "read the failures", err)
	}
	return failures, nil
}

// RemoveFailure implements receiver.Checkpoints.
func (l *Log) RemoveFailure(ctx context.Context, reader string, seq int64) error {
	return l.change(ctx, func(c *conn.Conn) error {
		_, err := c.Run(deleteFailure, []byte(reader), seq)
		return err
	})
}

// RemoveReader deletes the checkpoint and the failures of a reader that will not come
// back, so that retention does not wait for it. An unknown reader is no error.
func (l *Log) RemoveReader(ctx context.Context, reader string) error {
	return l.change(ctx, func(c *conn.Conn) error {
		for _, statement := range []string{deleteCheckpoint, deleteFailures} {
			if _, err := c.Run(statement, []byte(reader)); err != nil {
				return err
			}
		}
		return nil
	})
}

// RenameReader gives the checkpoint and the failures of a reader to a reader with another
// name. An unknown reader is no error.
func (l *Log) RenameReader(ctx context.Context, from, to string) error {
	if to == "" {
		return fmt.Errorf("rename the reader %s: there is no new name", safe.Name(from))
	}
	return l.change(ctx, func(c *conn.Conn) error {
		for _, statement := range []string{renameCheckpoint, renameFailures} {
			if _, err := c.Run(statement, []byte(to), []byte(from)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Stream returns how far a stream of a team was followed. The state of one that the store does
// not know has only its name.
func (l *Log) Stream(ctx context.Context, name string) (streams.State, error) {
	out := streams.State{Name: name}
	err := l.snapshot(ctx, "read how far a stream was followed", func(ctx context.Context, c *conn.Conn) error {
		all, err := streams.List(ctx, c)
		for _, s := range all {
			if s.Name == name {
				out = s
			}
		}
		return err
	})
	return out, err
}

// BeginStream notes that a stream is not the one that it was, and puts the checkpoint of its
// reader, if it is not "", back to the first event.
func (l *Log) BeginStream(ctx context.Context, s streams.State, reader string) error {
	return l.change(ctx, func(c *conn.Conn) error {
		if err := streams.Put(c, s); err != nil || reader == "" {
			return err
		}
		return saveCheckpoint(c, reader, receiver.Checkpoint{})
	})
}

// AppendStream stores events of a stream as AppendAll does, and in the same transaction how far
// the stream is followed then. There need not be events.
func (l *Log) AppendStream(ctx context.Context, s streams.State, events ...*receiver.Event) ([]receiver.Receipt, error) {
	r, err := batch.NewHistory(events...)
	if err != nil {
		return nil, err
	}
	r.Change = func(c *conn.Conn) error { return streams.Put(c, s) }
	if err := l.store(ctx, r); err != nil {
		return nil, err
	}
	return receipts(r), nil
}

// change has the writer change the checkpoints, in one transaction with whatever else is
// queued, and waits until that is on disk.
func (l *Log) change(ctx context.Context, change func(*conn.Conn) error) error {
	return l.store(ctx, batch.NewChange(change))
}
