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

// Keys is a Bloom filter: it says which keys are certainly in no run. Almost all keys that
// are asked for are new, and with the filter a new one needs no search. Keys are hashes, so
// the filter has one hash function, the first 25 bits of the key.
//
// Keys are never removed. So a set bit stays correct even if the transaction that set it is
// rolled back.
type Keys struct{ bits []uint64 } // nil before the first key

func (f *Keys) mayHave(key []byte) bool {
	word, mask := filterBit(key)
	return f.bits != nil && f.bits[word]&mask != 0
}

func (f *Keys) add(key []byte) {
	if f.bits == nil {
		f.bits = make([]uint64, filterBits/64)
	}
	word, mask := filterBit(key)
	f.bits[word] |= mask
}

func filterBit(key []byte) (word int, mask uint64) {
	n := binary.BigEndian.Uint32(key) / (1 << 32 / filterBits)
	return int(n / 64), 1 << (n % 64)
}

// ReadKeys reads the keys of all runs. It may be called in another goroutine with another
// connection. It takes 0.1 s for a million keys.
func (t *Runs) ReadKeys(ctx context.Context, c *conn.Conn) (*Keys, error) {
	var all Keys
	err := c.Each(ctx, t.selectBlocks, func(v []driver.Value) error {
		block := conn.Blob(v[0])
		if len(block)%t.width != 0 {
			return codec.ErrInvalid
		}
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
