package codec

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
)

func TestSpansAreDecodedAsEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.Int64Range(0, 1<<40).Draw(t, "base")
		var spans []receiver.Span
		seq := base
		for _, step := range rapid.SliceOf(rapid.Int64Range(1, 1<<20)).Draw(t, "steps") {
			s := receiver.Span{First: seq + step, Last: seq + step + rapid.Int64Range(0, 1<<20).Draw(t, "more")}
			seq, spans = s.Last, append(spans, s)
		}
		got, err := DecodeSpans(AppendSpans(nil, base, spans), base)
		require.NoError(t, err)
		assert.Equal(t, spans, got)
	})
}

func TestSingleNumbersAreDecodedAsSpans(t *testing.T) {
	got, err := DecodeSpans([]byte{1, 4, 2, 1, 1, 5}, 10)
	require.NoError(t, err)
	assert.Equal(t, []receiver.Span{{First: 12, Last: 14}, {First: 19, Last: 19}}, got)
}

func TestInvalidSpans(t *testing.T) {
	for _, blob := range [][]byte{nil, {9, 1, 1}, {1, 3, 1}, {2, 1, 1}} {
		_, err := DecodeSpans(blob, 0)
		assert.ErrorIs(t, err, ErrInvalid)
	}
}
