package runs

import (
	"context"
	"database/sql/driver"
	"encoding/binary"

	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// filterBits is the size of the filter: 4 MiB. With a million keys in it, 3 of 100 new
// ones look known, with ten million 26.
const filterBits = 1 << 25

// The filter reads blocksPerRecord blocks for each record that is added, at most maxBlocks
// at once. That delays nothing noticeably, and who adds nothing does not read at all.
const (
	blocksPerRecord = 2
	maxBlocks       = 32
)

// filter is a Bloom filter: it says which keys are certainly in no run. Almost all keys
// that are asked for are new, and with the filter a new one needs no search. Keys are
// hashes, so the filter has one hash function, the first 25 bits of the key.
//
// The filter reads the blocks in the order of their ids. Before it has read all, it says that
// every key may be there. A merge moves records to blocks with greater ids, so none
// escapes it.
//
// Keys are never removed. So a set bit stays correct even if the transaction that set it is
// rolled back.
type filter struct {
	bits     []uint64 // nil before the first key
	next     int64    // all blocks before this one were read
	complete bool     // all blocks were read
}

// reset makes the filter read the blocks again.
func (b *filter) reset() { b.next, b.complete = 0, false }

func (b *filter) mayHave(key []byte) bool {
	if !b.complete {
		return true
	}
	word, mask := filterBit(key)
	return b.bits != nil && b.bits[word]&mask != 0
}

// add must be called for each key that is added.
func (b *filter) add(key []byte) {
	if b.bits == nil {
		b.bits = make([]uint64, filterBits/64)
	}
	word, mask := filterBit(key)
	b.bits[word] |= mask
}

func filterBit(key []byte) (word int, mask uint64) {
	n := binary.BigEndian.Uint32(key) / (1 << 32 / filterBits)
	return int(n / 64), 1 << (n % 64)
}

// Learn has the filter read further blocks, after n records were added.
func (t *Runs) Learn(c *conn.Conn, n int) error {
	b := &t.filter
	if b.complete || n == 0 {
		return nil
	}
	want, got := min(blocksPerRecord*n, maxBlocks), 0
	err := c.Each(context.Background(), t.selectBlocks, func(v []driver.Value) error {
		got++
		b.next = conn.Int(v[0]) + 1
		block := conn.Blob(v[1])
		if len(block)%t.width != 0 {
			return codec.ErrInvalid
		}
		for ; len(block) > 0; block = block[t.width:] {
			b.add(block)
		}
		return nil
	}, b.next, int64(want))
	b.complete = err == nil && got < want
	return err
}
