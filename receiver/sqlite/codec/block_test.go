package codec_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
)

func TestABlockDescribesItsEvents(t *testing.T) {
	long := receivertest.Order(strings.Repeat("x", 2000), "FAILED")
	events := []*receiver.Event{
		receivertest.Order("o1", "PLACED"), receivertest.Job("j1", "FAILED", receivertest.Task("t1", "crop")), long,
		receivertest.Order("o1", "CREATED", receivertest.Sub("WAITING")), receivertest.Order("o1", "PLACED", receivertest.Test),
	}
	var b codec.Block
	for i, e := range events {
		e.Seq = int64(7 + 3*i)
		b.Add(e)
	}
	b.AddUnknown(99, 5)
	ids, block := b.Encode()
	assert.Equal(t, []int64{7, 99}, []int64{b.First, b.Last})
	for _, id := range []string{"O1", "j1", long.ID} {
		assert.True(t, codec.HasID(ids, []codec.IDHash{codec.HashID("none"), codec.HashID(id)}), id)
	}
	assert.False(t, codec.HasID(ids, []codec.IDHash{codec.HashID("o2")}))

	var r codec.BlockReader
	require.NoError(t, r.Decode(b.First, block))
	require.Equal(t, len(events)+1, r.Len())
	for i, want := range events {
		got, described := r.Event(i)
		assert.Equal(t, want.Seq, got.Seq)
		assert.True(t, want.ReceivedAt.Equal(got.ReceivedAt))
		if assert.Equal(t, want != long, described); described {
			assert.Equal(t, []any{want.ID, want.TaskID, want.Name, want.Status, want.SubStatus, want.Final, want.TaskFinal, want.LiveMode, want.Verdict, want.Kind},
				[]any{got.ID, got.TaskID, got.Name, got.Status, got.SubStatus, got.Final, got.TaskFinal, got.LiveMode, got.Verdict, got.Kind})
		}
	}
	_, described := r.Event(len(events))
	assert.False(t, described)
}

func TestADamagedBlockIsAnError(t *testing.T) {
	var b codec.Block
	for _, status := range []receiver.Status{"CREATED", "PLACED"} {
		e := receivertest.Order("o1", status)
		e.Seq = b.Last + 1
		b.Add(e)
	}
	_, whole := b.Encode()
	rapid.Check(t, func(t *rapid.T) {
		block := append([]byte(nil), whole...)
		block[rapid.IntRange(0, len(block)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
		var r codec.BlockReader
		if err := r.Decode(1, block[:rapid.IntRange(0, len(block)).Draw(t, "length")]); err != nil {
			require.ErrorIs(t, err, codec.ErrInvalid)
		}
	})
}

func TestIDsThatDifferInCaseOnlyHaveTheSameHash(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOf(rapid.SampledFrom([]rune("aAkK\u212asSſéÉßẞİi\u00ff-\U0001f600")))
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		if strings.EqualFold(a, b) {
			assert.Equal(t, codec.HashID(a), codec.HashID(b))
		}
	})
}
