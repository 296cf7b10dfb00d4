package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/aging"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
	"github.com/up42/up42-webhooks/receiver/sqlite/streams"
	"github.com/up42/up42-webhooks/receiver/sqlite/vacuum"
)

// Info says what is in a store.
type Info struct {
	// File is the path of the store.
	File string
	// Size is how many bytes the store takes on disk. Free is how many of them are
	// unused: new events use them, Compact returns them.
	Size, Free int64
	// Schema is the version of the schema.
	Schema int
	receiver.Counts
	// Kept is how many rejected deliveries are in the store.
	Kept int64
	// First and Last are the oldest and the newest event in the store; zero if the store
	// has no events.
	First, Last Position
	// Readers are those with a checkpoint or failures, by name.
	Readers []ReaderInfo
	// Streams are the streams of teams that the store has followed.
	Streams []streams.State
	// Jumps are jumps of the clock that were noticed, oldest first. Retention deletes
	// those before the events that are left.
	Jumps []aging.Jump
}

// Position is an event's sequence number, and when it was received.
type Position struct {
	Seq int64
	At  time.Time
}

// ReaderInfo says how far a reader got.
type ReaderInfo struct {
	Name string
	receiver.Checkpoint
	// Failures is how many events the reader gave up.
	Failures int64
}

const (
	countRejected = `SELECT count(*) FROM rejected_log`
	firstEvent    = `SELECT seq, received FROM event_log ORDER BY seq LIMIT 1`
	lastEvent     = `SELECT seq, received FROM event_log ORDER BY seq DESC LIMIT 1`
	listReaders   = `SELECT reader, coalesce(cursor, 0), done, (SELECT count(*) FROM failures WHERE reader = all_readers.reader)
		FROM (SELECT reader FROM checkpoints UNION SELECT reader FROM failures) AS all_readers LEFT JOIN checkpoints USING (reader) ORDER BY reader`
)

// Info returns what is in the store now.
func (l *Log) Info(ctx context.Context) (Info, error) {
	i := Info{File: l.file}
	err := l.snapshot(ctx, "look at it", func(ctx context.Context, c *conn.Conn) error { return i.read(ctx, c) })
	if err != nil {
		return Info{}, err
	}
	i.Size, err = l.Size()
	return i, err
}

func (i *Info) read(ctx context.Context, c *conn.Conn) error {
	var schema, free, page int64
	for query, n := range map[string]*int64{
		selectVersion: &schema, "PRAGMA freelist_count": &free, "PRAGMA page_size": &page, countRejected: &i.Kept,
	} {
		var err error
		if *n, err = c.Int(ctx, query); err != nil {
			return err
		}
	}
	i.Schema, i.Free = int(schema), free*page
	var t counters
	if err := t.load(c); err != nil {
		return err
	}
	i.Counts = t.counts()
	for query, p := range map[string]*Position{firstEvent: &i.First, lastEvent: &i.Last} {
		err := c.Each(ctx, query, func(v []driver.Value) error {
			*p = Position{conn.Int(v[0]), time.UnixMicro(conn.Int(v[1])).UTC()}
			return nil
		})
		if err != nil {
			return err
		}
	}
	var err error
	if i.Jumps, err = readJumps(ctx, c); err != nil {
		return err
	}
	if i.Streams, err = streams.List(ctx, c); err != nil {
		return err
	}
	return c.Each(ctx, listReaders, func(v []driver.Value) error {
		r := ReaderInfo{Name: string(conn.Blob(v[0])), Failures: conn.Int(v[3])}
		r.Cursor = conn.Int(v[1])
		var err error
		if done := conn.Blob(v[2]); done != nil {
			r.Done, err = codec.DecodeSpans(done, r.Cursor)
		}
		i.Readers = append(i.Readers, r)
		return err
	})
}

// snapshot calls do with a connection that sees the store as it is now, whatever is
// written meanwhile. Until do returns, SQLite can't reuse the write-ahead log, so the
// log grows. The error is that of a read.
func (l *Log) snapshot(ctx context.Context, doing string, do func(context.Context, *conn.Conn) error) error {
	read, end, err := l.beginRead(ctx)
	if err != nil {
		return err
	}
	defer end()
	return l.readError(ctx, doing, l.inSnapshot(read, do))
}

func (l *Log) inSnapshot(ctx context.Context, do func(context.Context, *conn.Conn) error) error {
	return l.connected(ctx, "&_query_only=1", func(ctx context.Context, c *conn.Conn) error {
		if err := c.Exec(ctx, "BEGIN"); err != nil {
			return err
		}
		return do(ctx, c)
	})
}

// connected calls do with a connection of its own that may only read.
func (l *Log) connected(ctx context.Context, settings string, do func(context.Context, *conn.Conn) error) (err error) {
	c, err := conn.Open(ctx, conn.Source(l.file, conn.ReadOnly, l.options.BusyTimeout)+settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	return do(ctx, c)
}

// Export writes all that the store has at the start of the call as lines of JSON, which
// [Import] reads. It needs little memory. The export has the bodies, which have whatever
// was sent, but no secrets.
func (l *Log) Export(ctx context.Context, w io.Writer) error {
	return l.snapshot(ctx, "export it", func(ctx context.Context, c *conn.Conn) error {
		var t counters
		if err := t.load(c); err != nil {
			return err
		}
		return exchange.Export(ctx, c, w, t.exported())
	})
}

// Backup writes a copy of the store, as it is at the start of the call, into a file that is
// missing or empty. A receiver may write to the store meanwhile; its write-ahead log grows
// until Backup ends. The copy is a store in one file, without a write-ahead log, and has
// nothing of deleted events. It is not synced. If Backup fails or ctx ends, a part of it may
// be left.
func (l *Log) Backup(ctx context.Context, file string, o vacuum.Options) error {
	switch known, err := KnownDamage(l.file); {
	case err != nil:
		return err
	case known != "":
		return &Error{File: l.file, Failure: ErrDamaged, Cause: errors.New(known)}
	}
	read, end, err := l.beginRead(ctx)
	if err != nil {
		return err
	}
	defer end()
	// query_only would also keep SQLite from writing to the copy.
	err = l.connected(read, "", func(ctx context.Context, c *conn.Conn) error { return vacuum.Into(ctx, c, file, o) })
	if failure, ok := failureOf(err); ok && (failure == ErrFull || isWriting(err)) && ctx.Err() == nil {
		return explain(file, "write it", err) // it is the copy that can't be written: nothing else is
	}
	return l.readError(ctx, "copy it", err)
}
