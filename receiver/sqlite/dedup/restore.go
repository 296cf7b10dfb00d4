package dedup

import (
	"context"

	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// Retention deletes events, but not the keys of their messages.
const selectEvent = `SELECT 1 FROM event_log WHERE seq = ?`

// Restore adds a message, such as one whose event is deleted, unless one with as much trust
// is there. Save writes it.
func (x *Index) Restore(c *conn.Conn, k Key, m Message) error {
	known, ok, err := x.search(c, k)
	if err == nil && (!ok || m.Trust > known.Trust) {
		x.Put(k, m)
	}
	return err
}

// EachWithoutEvent calls f with each message whose event is deleted, in the order of
// their keys.
func EachWithoutEvent(ctx context.Context, c *conn.Conn, f func(k Key, m Message) error) error {
	x := NewIndex(0)
	if err := x.Load(c); err != nil {
		return err
	}
	return x.each(ctx, c, func(k Key, m Message) error {
		has, err := c.Has(ctx, selectEvent, m.Seq)
		if err != nil || has {
			return err
		}
		return f(k, m)
	})
}
