// Package tail has the newest events of a store in memory, for the readers that follow it.
// They need not ask SQLite for what was just written.
package tail

import (
	"cmp"
	"slices"
	"sync"

	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
)

// Bounds of what is in memory. It is less than a page of a reader. `listen` lets the heap
// grow to eleven times of what is in use.
const (
	maxEvents = 512
	maxBytes  = 1 << 20
)

// Tail has the last events that a writer has committed. Its zero value has none. It is safe
// for concurrent use.
type Tail struct {
	mu      sync.Mutex
	records []codec.Record
	bytes   int
	// The store has no other events between these two numbers.
	after, last int64
}

// Add adds what a transaction has stored, at least one event. before is the number of the
// last event before them. If that is not the last one here, the store has others in
// between, and Tail forgets what it had. The records must not change any more.
func (t *Tail) Add(before int64, records []codec.Record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if before != t.last {
		t.clear(before)
	}
	for i := range records {
		t.bytes += records[i].Size()
	}
	t.records = append(t.records, records...)
	t.last = records[len(records)-1].Seq
	n := 0
	for ; len(t.records)-n > maxEvents || t.bytes > maxBytes; n++ {
		t.bytes -= t.records[n].Size()
		t.after = t.records[n].Seq
	}
	t.records = slices.Delete(t.records, 0, n)
}

// After returns up to max events after a number, oldest first. If it returns none, the
// store may still have some.
func (t *Tail) After(seq int64, max int) []codec.Record {
	t.mu.Lock()
	defer t.mu.Unlock()
	if seq < t.after {
		return nil
	}
	i := t.index(seq)
	return slices.Clone(t.records[i:min(len(t.records), i+max)])
}

// Drop forgets the events up to a number, which were deleted.
func (t *Tail) Drop(seq int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.index(seq)
	for i := range n {
		t.bytes -= t.records[i].Size()
	}
	t.records = slices.Delete(t.records, 0, n)
	t.after = max(t.after, seq)
}

// Clear forgets all events.
func (t *Tail) Clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clear(t.last)
}

// clear forgets all events up to a number.
func (t *Tail) clear(seq int64) {
	clear(t.records)
	t.records, t.bytes, t.after, t.last = t.records[:0], 0, seq, seq
}

// index returns the place of the first event after a number.
func (t *Tail) index(seq int64) int {
	i, _ := slices.BinarySearchFunc(t.records, seq+1, func(r codec.Record, seq int64) int { return cmp.Compare(r.Seq, seq) })
	return i
}
