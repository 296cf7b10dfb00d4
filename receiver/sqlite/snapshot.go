package sqlite

import (
	"context"
	"errors"
	"io"

	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
)

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

func (l *Log) inSnapshot(ctx context.Context, do func(context.Context, *conn.Conn) error) (err error) {
	c, err := conn.Open(ctx, conn.Source(l.file, conn.ReadOnly, l.options.BusyTimeout)+"&_query_only=1")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := c.Exec(ctx, "BEGIN"); err != nil {
		return err
	}
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
