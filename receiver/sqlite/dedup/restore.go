package dedup

import (
	"bytes"
	"context"
	"database/sql/driver"
	"maps"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

const (
	// Retention deletes events, but not the keys of their messages.
	selectKeysWithoutEvent = `SELECT key, trust, seq, body FROM dedup
		WHERE NOT EXISTS (SELECT 1 FROM event_log WHERE event_log.seq = dedup.seq) ORDER BY key`
	selectEvent = `SELECT 1 FROM event_log WHERE seq = ?`
	upsertKey   = `INSERT INTO dedup (key, trust, seq, body) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET trust = excluded.trust, seq = excluded.seq, body = excluded.body WHERE excluded.trust > trust`
)

// Restore adds a message directly to the tree, such as one whose event is deleted. The
// key must not be among the recent ones.
func (x *Index) Restore(c *conn.Conn, k Key, m Message) error {
	x.bloom.add(k)
	_, err := c.Run(upsertKey, k[:], int64(m.Trust), m.Seq, int64(m.Body))
	return err
}

// EachWithoutEvent calls f with each message whose event is deleted, in the order of
// their keys.
func EachWithoutEvent(ctx context.Context, c *conn.Conn, f func(k Key, m Message) error) error {
	recent, err := recentWithoutEvent(ctx, c)
	if err != nil {
		return err
	}
	keys := slices.SortedFunc(maps.Keys(recent), Key.Compare)
	err = c.Each(ctx, selectKeysWithoutEvent, func(v []driver.Value) error {
		k := conn.Blob(v[0])
		for len(keys) > 0 && bytes.Compare(keys[0][:], k) < 0 {
			if err := f(keys[0], recent[keys[0]]); err != nil {
				return err
			}
			keys = keys[1:]
		}
		if len(keys) > 0 && bytes.Equal(keys[0][:], k) {
			return nil // the recent one has more trust, and comes next
		}
		return f(Key(k), Message{Trust: receiver.Trust(conn.Int(v[1])), Seq: conn.Int(v[2]), Body: Digest(conn.Int(v[3]))})
	})
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := f(k, recent[k]); err != nil {
			return err
		}
	}
	return nil
}

// recentWithoutEvent returns the messages whose event is deleted and that are not in
// the tree, or with less trust.
func recentWithoutEvent(ctx context.Context, c *conn.Conn) (map[Key]Message, error) {
	x := NewIndex(0)
	if err := x.Load(c); err != nil {
		return nil, err
	}
	for k, m := range x.recent {
		has, err := c.Has(ctx, selectEvent, m.Seq)
		if err != nil {
			return nil, err
		}
		if has {
			delete(x.recent, k)
		}
	}
	return x.recent, nil
}

// EachRecent calls f with each message of a line of the table dedup_recent.
func EachRecent(seq int64, keys []byte, f func(k Key, m Message)) error {
	return recentLine{seq, keys}.each(f)
}
