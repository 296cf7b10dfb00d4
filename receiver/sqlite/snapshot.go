package sqlite

import (
	"context"
	"errors"

	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
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
