package eventindex

import (
	"bytes"
	"context"
	"database/sql/driver"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

const (
	selectLine  = `SELECT seq, last, ids, block FROM event_index WHERE seq <= ? ORDER BY seq DESC LIMIT 1`
	selectLines = `SELECT seq, last FROM event_index ORDER BY seq`
)

// Checker compares the table with the events. Its zero value is ready.
type Checker struct {
	line  line
	block codec.Block // what the line should be, up to the last event
}

// Add checks an event. The events must come in their order, and all of them. It returns the
// first event of a line that is wrong, 0 if all is right. A line that has events that were
// deleted is not compared.
func (x *Checker) Add(c *conn.Conn, e *receiver.Event) (wrong int64, err error) {
	if e.Seq > x.line.last {
		if err := x.load(c, e.Seq); err != nil {
			return 0, err
		}
	}
	if e.Seq > x.line.last {
		return 0, nil // it is in no line yet
	}
	x.block.Add(e)
	if e.Seq < x.line.last {
		return 0, nil
	}
	ids, block := x.block.Encode()
	if bytes.Equal(ids, x.line.ids) && bytes.Equal(block, x.line.block) {
		return 0, nil
	}
	var r codec.BlockReader
	if r.Decode(x.line.first, x.line.block) == nil && r.Len() > x.block.Len() {
		if newest, _ := r.Event(r.Len() - 1); newest.Seq == x.line.last {
			return 0, nil
		}
	}
	return x.line.first, nil
}

// CheckLines checks which events the lines say that they have. It returns the first line that is
// wrong: that has events of another one, or later ones than the last; 0 if all are right.
func CheckLines(ctx context.Context, c *conn.Conn, lastEvent int64) (wrong int64, err error) {
	before := int64(0)
	err = c.Each(ctx, selectLines, func(v []driver.Value) error {
		first, last := conn.Int(v[0]), conn.Int(v[1])
		if wrong == 0 && (first <= before || last < first || last > lastEvent) {
			wrong = first
		}
		before = last
		return nil
	})
	return wrong, err
}

// load reads the line that an event is in, if it is in one.
func (x *Checker) load(c *conn.Conn, seq int64) error {
	x.line = line{}
	x.block.Reset()
	return c.Each(context.Background(), selectLine, func(v []driver.Value) error {
		if last := conn.Int(v[1]); last >= seq {
			x.line = line{first: conn.Int(v[0]), last: last, ids: slices.Clone(conn.Blob(v[2])), block: slices.Clone(conn.Blob(v[3]))}
		}
		return nil
	}, seq)
}
