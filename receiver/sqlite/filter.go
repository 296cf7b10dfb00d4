package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/binary"
)

// filterBits is the size of a filter: 4 MiB, which of a million messages lets 3
// of 100 new ones look known, of ten million 26.
const filterBits = 1 << 25

// learnt is how many keys a filter learns for each message that is stored: few
// enough that nobody waits for it, and no cost to a receiver at rest.
const learnt, mostLearnt = 8, 2048

// filter tells which messages the tree surely has not, so that the usual one,
// a new one, needs no look. Keys are even hashes: it has a bit for what they
// begin with. It learns the tree's keys in their order, a few with each batch,
// and says nothing of those that it has not come to.
//
// Keys only ever enter the tree. So bits stay true whatever becomes of a
// transaction; only when another connection wrote does the learning begin anew.
type filter struct {
	bits []uint64 // nil until the first
	next messageKey
	done bool // there is no key from next on that it has not learnt
}

// forget makes the filter learn anew.
func (f *filter) forget() { f.next, f.done = messageKey{}, false }

// mayHave is false where the tree has no such key.
func (f *filter) mayHave(k messageKey) bool {
	if !f.done && k.compare(f.next) >= 0 {
		return true
	}
	word, bit := filterPlace(k)
	return f.bits != nil && f.bits[word]&bit != 0
}

// add takes note of a key that enters the tree.
func (f *filter) add(k messageKey) {
	if f.bits == nil {
		f.bits = make([]uint64, filterBits/64)
	}
	word, bit := filterPlace(k)
	f.bits[word] |= bit
}

func filterPlace(k messageKey) (word int, bit uint64) {
	n := binary.BigEndian.Uint32(k[:]) / (1 << 32 / filterBits)
	return int(n / 64), 1 << (n % 64)
}

// learn reads on in the tree, after a batch of so many messages.
func (f *filter) learn(c *conn, messages int) error {
	if f.done || messages == 0 {
		return nil
	}
	want := min(learnt*messages, mostLearnt)
	got := 0
	args := []driver.NamedValue{{Ordinal: 1, Value: f.next[:]}, {Ordinal: 2, Value: int64(want)}}
	err := c.each(context.Background(), keysFrom, args, func(v []driver.Value) error {
		got++
		f.next = messageKey(blob(v[0]))
		f.add(f.next)
		return nil
	})
	f.done = err == nil && got < want
	return err
}
