package dedup

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheBloomFilterKnowsOnlyWhatItHasRead(t *testing.T) {
	key := func(n uint32) (k Key) {
		binary.BigEndian.PutUint32(k[:], n)
		return k
	}
	var b bloom
	assert.True(t, b.mayHave(key(1<<31)), "nothing was read")
	b.next = key(1 << 30)
	assert.True(t, b.mayHave(key(1<<31)), "not read so far")
	assert.False(t, b.mayHave(key(1<<29)), "read, and not there")
	b.add(key(1 << 29))
	assert.True(t, b.mayHave(key(1<<29)))
	b.complete = true
	assert.False(t, b.mayHave(key(1<<31)))
	b.reset()
	assert.True(t, b.mayHave(key(1<<31)))
}
