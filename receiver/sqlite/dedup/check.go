package dedup

import (
	"context"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

const (
	// windowEvents is how many consecutive events are checked with one reading of all
	// records. Each takes 8 bytes of memory.
	windowEvents = 4 << 20
	// checkAtOnce is how many of the other events are searched for at once. Then all runs are
	// merged.
	checkAtOnce = 100_000
)

// Checker checks that the index has the messages of events.
//
// The record of a message names an event, almost always the one that is checked. So the
// checker reads all records once for a window of events, in any order, and has for each
// event 8 bytes of the key that names it. The few events without such a record, because
// another one with more trust came later, are searched for by their whole keys.
type Checker struct {
	conn   *conn.Conn
	index  *Index
	window int      // how many halves there are
	first  int64    // the event that they begin with
	halves []uint64 // of the keys that name the events; 0: none does
	others map[Key]int64
	last   int64 // the last event that a record names
}

// NewChecker returns a checker of the store that c is connected to.
func NewChecker(c *conn.Conn) (*Checker, error) {
	x := NewIndex(0)
	if err := x.Load(c); err != nil {
		return nil, err
	}
	return &Checker{conn: c, index: x, window: windowEvents, others: map[Key]int64{}}, nil
}

// Add checks a stored event. The events must come in their order. It returns the events, of
// all that were added so far, whose message is missing.
func (x *Checker) Add(ctx context.Context, e *receiver.Event) (missing []int64, err error) {
	if e.Seq-x.first >= int64(len(x.halves)) {
		if err := x.read(ctx, e.Seq); err != nil {
			return nil, err
		}
	}
	k := OwnKey(e)
	if x.halves[e.Seq-x.first] == k.half() {
		return nil, nil
	}
	x.others[k] = e.Seq
	if len(x.others) < checkAtOnce {
		return nil, nil
	}
	return x.Flush(ctx)
}

// read reads what names the events of the window from first on.
func (x *Checker) read(ctx context.Context, first int64) error {
	if x.halves == nil {
		x.halves = make([]uint64, x.window) // the system gives the memory when it is used
	} else {
		clear(x.halves)
	}
	x.first = first
	note := func(k Key, m Message) {
		x.last = max(x.last, m.Seq)
		if n := m.Seq - first; n >= 0 && n < int64(len(x.halves)) {
			x.halves[n] = k.half()
		}
	}
	for k, m := range x.index.recent {
		note(k, m)
	}
	return x.index.runs.EachBlock(ctx, x.conn, func(block []byte) error { return EachRecord(block, note) })
}

// half folds a key, so that no bit of it counts for nothing.
func (k Key) half() uint64 { return binary.BigEndian.Uint64(k[:]) ^ binary.BigEndian.Uint64(k[8:]) }

// CheckRecords checks what does not depend on events. It returns the last event that a record
// names, and how many lines of the table have their records at a wrong place.
func (x *Checker) CheckRecords(ctx context.Context) (last, wrong int64, err error) {
	if x.halves == nil { // there are no events
		if err := x.read(ctx, 1); err != nil {
			return 0, 0, err
		}
	}
	wrong, err = x.index.runs.Check(ctx, x.conn)
	return x.last, wrong, err
}

// Flush returns those of the events that were added since the last call, and are not checked
// yet, whose message is missing.
func (x *Checker) Flush(ctx context.Context) (missing []int64, err error) {
	if len(x.others) == 0 {
		return nil, nil
	}
	err = x.index.each(ctx, x.conn, func(k Key, m Message) error {
		if seq, ok := x.others[k]; ok && m.Seq >= seq {
			delete(x.others, k)
		}
		return nil
	})
	missing = slices.Sorted(maps.Values(x.others))
	clear(x.others)
	return missing, err
}
