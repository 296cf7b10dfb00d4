// Package streams keeps how far a store has followed the streams of teams.
package streams

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// Schema makes the table, unless it is there.
const Schema = `
-- How far the store has followed the streams of teams.
CREATE TABLE IF NOT EXISTS followed_streams (
	name     BLOB NOT NULL PRIMARY KEY,
	identity BLOB NOT NULL,     -- of the stream with this name that was followed
	place    INTEGER NOT NULL,  -- of the last message that was stored or skipped
	joined   INTEGER NOT NULL   -- microseconds since 1970, when it was followed first
) STRICT, WITHOUT ROWID;
`

const (
	exists = `SELECT count(*) FROM sqlite_schema WHERE name = 'followed_streams'`
	list   = `SELECT name, identity, place, joined FROM followed_streams ORDER BY name`
	put    = `INSERT OR REPLACE INTO followed_streams (name, identity, place, joined) VALUES (?, ?, ?, ?)`
)

// State says how far a stream was followed.
type State struct {
	Name string
	// Identity tells the stream from others that had or will have its name.
	Identity string
	// Place is the sequence number, in the stream, of the last message that was stored or
	// skipped; 0: nothing was read yet.
	Place uint64
	// Joined is when the store began to follow a stream of this name: earlier events are history.
	Joined time.Time
}

// List returns the streams that the store knows. The first stores have no table of them.
func List(ctx context.Context, c *conn.Conn) (all []State, err error) {
	if n, err := c.Int(ctx, exists); err != nil || n == 0 {
		return nil, err
	}
	err = c.Each(ctx, list, func(v []driver.Value) error {
		all = append(all, State{string(conn.Blob(v[0])), string(conn.Blob(v[1])), uint64(conn.Int(v[2])), time.UnixMicro(conn.Int(v[3])).UTC()})
		return nil
	})
	return all, err
}

// Put saves how far a stream was followed.
func Put(c *conn.Conn, s State) error {
	return c.Change(put, []byte(s.Name), []byte(s.Identity), int64(s.Place), s.Joined.UnixMicro())
}
