package sqlite

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Info says what is in a store.
type Info struct {
	// File is the store's path, Size what it takes on disk, and Free what of
	// that holds nothing, in bytes: new events fill it, Compact gives it back.
	File       string
	Size, Free int64
	// Schema is the version of the store's layout.
	Schema int
	receiver.Counts
	// Kept is how many of the rejected deliveries are there.
	Kept int64
	// First and Last are the oldest and the newest event that are there; their
	// zero values where there is none.
	First, Last Position
	// Readers are those with a progress or failures, by name.
	Readers []ReaderInfo
}

// Position is a place in the log and when its event was received.
type Position struct {
	Seq int64
	At  time.Time
}

// ReaderInfo says where a reader of the log stands.
type ReaderInfo struct {
	Name string
	receiver.Checkpoint
	// Failures is how many events it gave up.
	Failures int64
}

// Info looks at the store as it is now.
func (l *Log) Info(ctx context.Context) (Info, error) {
	i := Info{File: l.file}
	err := l.snapshot(ctx, "look at it", func(ctx context.Context, c *conn) error { return i.read(ctx, c) })
	if err != nil {
		return Info{}, err
	}
	i.Size, err = l.Size()
	return i, err
}

func (i *Info) read(ctx context.Context, c *conn) error {
	var schema, free, page int64
	for query, n := range map[string]*int64{
		"PRAGMA user_version": &schema, "PRAGMA freelist_count": &free, "PRAGMA page_size": &page, countRejected: &i.Kept,
	} {
		var err error
		if *n, err = c.integer(ctx, query); err != nil {
			return err
		}
	}
	i.Schema, i.Free = int(schema), free*page
	var t totals
	if err := t.load(c); err != nil {
		return err
	}
	i.Counts = t.counts()
	for query, m := range map[string]*Position{firstEvent: &i.First, lastEvent: &i.Last} {
		err := c.each(ctx, query, nil, func(v []driver.Value) error {
			*m = Position{number(v[0]), time.UnixMicro(number(v[1])).UTC()}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return c.each(ctx, listReaders, nil, func(v []driver.Value) error {
		r := ReaderInfo{Name: string(blob(v[0])), Failures: number(v[3])}
		r.Cursor = number(v[1])
		var err error
		if done := blob(v[2]); done != nil {
			r.Done, err = decodePlaces(string(done), r.Cursor)
		}
		i.Readers = append(i.Readers, r)
		return err
	})
}
