// Package eventindex describes the stored events, so that a search reads neither their
// bodies nor what the receiver knows of them. Its table is event_index.
//
// A line of the table has a block, which describes some hundred consecutive events with
// all that filters ask for, and the hashes of their ids. The newest events are in no block
// yet: a search reads them themselves. Lines are only added, in the transaction of their
// last event, so that the table is never behind by more than a block.
//
// Measured (BenchmarkAppend/256): with it, an event takes 4 % more processor time, and 2 %
// more is written.
package eventindex

import (
	"context"
	"database/sql/driver"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// blockBytes is the size from which on a block is full.
const blockBytes = 256 << 10

// Index adds lines to the table. Only the writer uses it. It is not safe for concurrent
// use.
type Index struct {
	limit int
	block codec.Block // events that are in no line yet
	full  []line
}

// line is a line of the table.
type line struct {
	first, last int64
	ids, block  []byte
}

// New returns an index whose blocks have limit events. Load must be called before the
// index is used.
func New(limit int) *Index { return &Index{limit: limit} }

const (
	selectNotIndexed = `SELECT seq, received, verdict, envelope, body FROM event_log
		WHERE seq > (SELECT coalesce(max(last), 0) FROM event_index WHERE seq = (SELECT max(seq) FROM event_index)) ORDER BY seq`
	insertLine  = `INSERT INTO event_index (seq, last, ids, block) VALUES (?, ?, ?, ?)`
	deleteLines = `DELETE FROM event_index WHERE seq <= (SELECT min(seq) FROM event_log) AND last < (SELECT min(seq) FROM event_log)`
)

// Load reads the events that are in no line. It must be called again after another
// connection has written to the store, or after a transaction failed.
func (x *Index) Load(c *conn.Conn) error {
	x.Clear()
	return c.Each(context.Background(), selectNotIndexed, func(v []driver.Value) error {
		r := codec.Record{Seq: conn.Int(v[0]), Received: conn.Int(v[1]), Verdict: conn.Int(v[2]), Envelope: conn.Blob(v[3]), Body: conn.Blob(v[4])}
		if e, err := r.Event(); err == nil {
			x.Add(e)
		} else { // it is damaged: a search reads it, and reports that
			x.block.AddUnknown(r.Seq, r.Received)
		}
		return nil
	})
}

// Add adds an event. Its Seq must be greater than that of any event before.
func (x *Index) Add(e *receiver.Event) {
	x.block.Add(e)
	if x.block.Len() < x.limit && x.block.Size() < blockBytes {
		return
	}
	l := line{first: x.block.First, last: x.block.Last}
	l.ids, l.block = x.block.Encode()
	x.full = append(x.full, l)
	x.block.Reset()
}

// Save writes the lines that are full.
func (x *Index) Save(c *conn.Conn) error {
	for _, l := range x.full {
		if err := c.Change(insertLine, l.first, l.last, l.ids, l.block); err != nil {
			return err
		}
	}
	clear(x.full)
	x.full = x.full[:0]
	return nil
}

// Clear forgets the events that are in no line.
func (x *Index) Clear() {
	x.block.Reset()
	clear(x.full)
	x.full = x.full[:0]
}

// Prune deletes the lines of events that were deleted, as far as no later event of the line
// is there.
func Prune(c *conn.Conn) error {
	_, err := c.Run(deleteLines)
	return err
}
