package codec

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSeqsAreDecodedAsEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.Int64Range(0, 1<<40).Draw(t, "base")
		var seqs []int64
		seq := base
		for _, step := range rapid.SliceOf(rapid.Int64Range(1, 1<<20)).Draw(t, "steps") {
			seq += step
			seqs = append(seqs, seq)
		}
		got, err := DecodeSeqs(AppendSeqs(nil, base, seqs), base)
		require.NoError(t, err)
		assert.Equal(t, seqs, got)
	})
}

func TestInvalidSeqs(t *testing.T) {
	for _, blob := range [][]byte{nil, {9, 1, 1}, {1, 3, 1}} {
		_, err := DecodeSeqs(blob, 0)
		assert.ErrorIs(t, err, ErrInvalid)
	}
}
