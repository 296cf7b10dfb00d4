package exchange_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
)

const header = `{"format":"up42hooks-export","version":1}` + "\n"

func TestATextKeepsItsBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := exchange.Text(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		b, err := json.Marshal(want)
		require.NoError(t, err)
		var got exchange.Text
		require.NoError(t, json.Unmarshal(b, &got))
		assert.Equal(t, want, got)
	})
}

func TestReaderRefusesWhatIsNotAnExport(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":          {"", "not an export"},
		"not JSON":       {"x\n", "not an export"},
		"other JSON":     {"{}\n", "not an export"},
		"a newer one":    {`{"format":"up42hooks-export","version":2}` + "\n", "newer version"},
		"unknown fields": {`{"format":"up42hooks-export","version":1,"x":1}` + "\n", "not an export"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := exchange.NewReader(strings.NewReader(c.text))
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestReaderSaysWhichLineIsWrong(t *testing.T) {
	in, err := exchange.NewReader(strings.NewReader(header + `{"counters":{"lastSeq":3}}` + "\n{\n"))
	require.NoError(t, err)
	assert.False(t, in.HasRows)
	l, err := in.Next()
	require.NoError(t, err)
	assert.EqualValues(t, 3, l.Counters.LastSeq)
	_, err = in.Next()
	assert.ErrorContains(t, err, "line 3")
	l, err = in.Next()
	require.NoError(t, err)
	assert.Nil(t, l, "the end")
}

func TestAnUnknownVerdictIsRefused(t *testing.T) {
	_, err := (&exchange.Event{Seq: 4, Verdict: "good"}).Event()
	assert.ErrorContains(t, err, "event 4")
}
