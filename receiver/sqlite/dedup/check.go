package dedup

import (
	"bytes"
	"database/sql/driver"
	"maps"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// Checker checks that the index has the messages of events, in bulk.
type Checker struct {
	conn    *conn.Conn
	index   *Index
	pending map[Key]int64 // events to search for in the tree
	lookup  *conn.Bulk
}

// NewChecker returns a checker of the store that c is connected to.
func NewChecker(c *conn.Conn) (*Checker, error) {
	x := NewIndex(0)
	if err := x.Load(c); err != nil {
		return nil, err
	}
	return &Checker{conn: c, index: x, pending: map[Key]int64{}, lookup: lookupBulk()}, nil
}

// Add checks a stored event. It returns the events, of all that were added so far, whose
// message is missing.
func (x *Checker) Add(e *receiver.Event) (missing []int64, err error) {
	k, seq := ownKey(e), e.Seq
	if x.index.recent[k].Seq >= seq {
		return nil, nil
	}
	x.pending[k] = seq
	x.lookup.Add(bytes.Clone(k[:]))
	if len(x.pending) < conn.MaxRows {
		return nil, nil
	}
	return x.Flush()
}

// Flush checks what is pending, and returns the events whose message is missing.
func (x *Checker) Flush() (missing []int64, err error) {
	err = x.lookup.Each(x.conn, func(v []driver.Value) error {
		k := Key(conn.Blob(v[0]))
		if conn.Int(v[2]) >= x.pending[k] {
			delete(x.pending, k)
		}
		return nil
	})
	missing = slices.Sorted(maps.Values(x.pending))
	clear(x.pending)
	return missing, err
}
