package dedup

import (
	"context"
	"maps"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// checkAtOnce is how many events are searched for at once. Then all runs are read.
const checkAtOnce = 100_000

// Checker checks that the index has the messages of events.
type Checker struct {
	conn    *conn.Conn
	index   *Index
	pending map[Key]int64 // events to search for in the runs
}

// NewChecker returns a checker of the store that c is connected to.
func NewChecker(c *conn.Conn) (*Checker, error) {
	x := NewIndex(0)
	if err := x.Load(c); err != nil {
		return nil, err
	}
	return &Checker{conn: c, index: x, pending: map[Key]int64{}}, nil
}

// Add checks a stored event. It returns the events, of all that were added so far, whose
// message is missing.
func (x *Checker) Add(e *receiver.Event) (missing []int64, err error) {
	x.pending[ownKey(e)] = e.Seq
	if len(x.pending) < checkAtOnce {
		return nil, nil
	}
	return x.Flush()
}

// Flush checks what is pending, and returns the events whose message is missing.
func (x *Checker) Flush() (missing []int64, err error) {
	if len(x.pending) == 0 {
		return nil, nil
	}
	err = x.index.each(context.Background(), x.conn, func(k Key, m Message) error {
		if seq, ok := x.pending[k]; ok && m.Seq >= seq {
			delete(x.pending, k)
		}
		return nil
	})
	missing = slices.Sorted(maps.Values(x.pending))
	clear(x.pending)
	return missing, err
}
