package sqlite

import (
	"context"
	"io"

	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
)

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
