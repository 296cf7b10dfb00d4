package sqlite

import (
	"context"
	"errors"
)

// snapshot gives do a connection that sees the store as it is now, whatever is
// written meanwhile. While it lasts, the write-ahead log can't start anew and
// grows. Its error is that of a read.
func (l *Log) snapshot(ctx context.Context, doing string, do func(context.Context, *conn) error) error {
	read, leave, err := l.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return l.readError(ctx, doing, l.inSnapshot(read, do))
}

func (l *Log) inSnapshot(ctx context.Context, do func(context.Context, *conn) error) (err error) {
	c, err := dial(ctx, sourceName(l.file, modeRead, l.options.BusyTimeout)+"&_query_only=1")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.exec(ctx, "BEGIN"); err != nil {
		return err
	}
	return do(ctx, c)
}
