package tail_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/tail"
)

func TestMain(m *testing.M) { testmain.Run(m) }

func records(seqs ...int64) []codec.Record {
	all := make([]codec.Record, len(seqs))
	for i, seq := range seqs {
		all[i] = codec.Record{Seq: seq, Body: []byte("12345")}
	}
	return all
}

func after(t *tail.Tail, seq int64, most int) []int64 {
	all := []int64{}
	for _, r := range t.After(seq, most) {
		all = append(all, r.Seq)
	}
	return all
}

func TestNothingIsLeftOut(t *testing.T) {
	var x tail.Tail
	assert.Empty(t, after(&x, 0, 10))
	x.Add(7, records(8, 9))
	x.Add(9, records(12)) // as in an import
	assert.Equal(t, []int64{8, 9, 12}, after(&x, 7, 10))
	assert.Equal(t, []int64{8, 9}, after(&x, 7, 2))
	assert.Equal(t, []int64{12}, after(&x, 10, 10))
	assert.Empty(t, after(&x, 12, 10))
	assert.Empty(t, after(&x, 6, 10), "the store may have 7")

	x.Add(13, records(14)) // somebody else stored 13
	assert.Empty(t, after(&x, 12, 10), "the store has 13")
	assert.Equal(t, []int64{14}, after(&x, 13, 10))
}

func TestWhatIsDeletedIsForgotten(t *testing.T) {
	var x tail.Tail
	x.Add(0, records(1, 2, 3, 4))
	x.Drop(2)
	assert.Empty(t, after(&x, 1, 10))
	assert.Equal(t, []int64{3, 4}, after(&x, 2, 10))
	x.Clear()
	assert.Empty(t, after(&x, 3, 10))
	x.Add(4, records(5))
	assert.Equal(t, []int64{5}, after(&x, 4, 10))
	x.Drop(9)
	assert.Empty(t, after(&x, 4, 10))
}

func TestItsMemoryIsBounded(t *testing.T) {
	var x tail.Tail
	for seq := range int64(3000) {
		x.Add(seq, records(seq+1))
	}
	assert.Empty(t, after(&x, 0, 10))
	assert.Equal(t, []int64{2990}, after(&x, 2989, 1))
	assert.LessOrEqual(t, len(after(&x, 2488, 3000)), 512)

	large := codec.Record{Seq: 3001, Body: make([]byte, 1<<19)}
	x.Add(3000, []codec.Record{large})
	large.Seq++
	x.Add(3001, []codec.Record{large})
	assert.Equal(t, []int64{3002}, after(&x, 3001, 10))
	assert.Empty(t, after(&x, 2998, 10))
	x.Add(3002, []codec.Record{{Seq: 3003, Body: make([]byte, 2<<20)}})
	assert.Empty(t, after(&x, 3002, 10))
}
