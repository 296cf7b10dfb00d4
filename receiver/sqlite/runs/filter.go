package runs

import (
	"context"
	"database/sql/driver"
	"encoding/binary"

	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// filterBits is the size of the filter: 4 MiB. With a million keys in it, 2 of 10,000 new
// ones look known, with ten million 23 of 100.
const filterBits = 1 << 25

// Keys is a Bloom filter: it says which keys are certainly in no run. Almost all keys that
// are asked for are new, and with the filter a new one needs no search, which takes 0.3 ms in
// 25 runs. Keys are hashes, so each quarter of a key names a bit.
//
// Keys are never removed. So a set bit stays correct even if the transaction that set it is
// rolled back.
type Keys struct{ bits []uint64 } // nil before the first key

func (f *Keys) mayHave(key []byte) bool {
	if f.bits == nil {
		return false
	}
	for at := 0; at < len(Key{}); at += 4 {
		if word, mask := filterBit(key[at:]); f.bits[word]&mask == 0 {
			return false
		}
	}
	return true
}

func (f *Keys) add(key []byte) {
	if f.bits == nil {
		f.bits = make([]uint64, filterBits/64)
	}
	for at := 0; at < len(Key{}); at += 4 {
		word, mask := filterBit(key[at:])
		f.bits[word] |= mask
	}
}

func filterBit(quarter []byte) (word int, mask uint64) {
	n := binary.BigEndian.Uint32(quarter) / (1 << 32 / filterBits)
	return int(n / 64), 1 << (n % 64)
}

// EachBlock calls f with the records of each block, in no order. It is the fastest way to see
// all of them: with those of which there are better ones, and perhaps twice. f must not keep
// them.
func (t *Runs) EachBlock(ctx context.Context, c *conn.Conn, f func(records []byte) error) error {
	return c.Each(ctx, t.selectBlocks, func(v []driver.Value) error {
		block := conn.Blob(v[0])
		if len(block)%t.width != 0 {
			return codec.ErrInvalid
		}
		return f(block)
	})
}

// ReadKeys reads the keys of all runs. It may be called in another goroutine with another
// connection. It takes 0.1 s for a million keys.
func (t *Runs) ReadKeys(ctx context.Context, c *conn.Conn) (*Keys, error) {
	var all Keys
	err := t.EachBlock(ctx, c, func(block []byte) error {
		for ; len(block) > 0; block = block[t.width:] {
			all.add(block)
		}
		return nil
	})
	return &all, err
}

// Know takes what ReadKeys has read since the last Load. Before that every key may be there.
func (t *Runs) Know(all *Keys) {
	if t.filter.bits == nil {
		t.filter = *all
	} else if all.bits != nil {
		for i, word := range all.bits {
			t.filter.bits[i] |= word
		}
	}
	t.complete = true
}
