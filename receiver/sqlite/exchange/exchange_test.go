package exchange_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver/sqlite"
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
		"empty":          {"", "this is empty"},
		"a device":       {strings.Repeat("\x00", 1<<20), "not an export"},
		"a store":        {"SQLite format 3\x00", "store export --store"},
		"gzip":           {"\x1f\x8b\x08", "gunzip -c FILE | up42hooks store import"},
		"zstd":           {"\x28\xb5\x2f\xfd", "compressed by zstd"},
		"xz":             {"\xfd7zXZ\x00", "compressed by xz"},
		"zip":            {"PK\x03\x04", "compressed by zip"},
		"UTF-16":         {"\xff\xfe{\x00\"\x00", "store export FILE"},
		"not JSON":       {"x\n", "not an export"},
		"other JSON":     {"{}\n", "not an export"},
		"a newer one":    {`{"format":"up42hooks-export","version":4}` + "\n", "newer version"},
		"unknown fields": {`{"format":"up42hooks-export","version":1,"x":1}` + "\n", "not an export"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := exchange.NewReader(strings.NewReader(c.text))
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestAMarkAtTheBeginIsSkipped(t *testing.T) {
	in, err := exchange.NewReader(strings.NewReader("\ufeff" + header + `{"counters":{"lastSeq":3}}` + "\n"))
	require.NoError(t, err)
	l, err := in.Next()
	require.NoError(t, err)
	assert.EqualValues(t, 3, l.Counters.LastSeq)
}

// What never ends, and has no lines, is not read on.
func TestADeviceIsNotAnExport(t *testing.T) {
	zeros, err := os.Open("/dev/zero")
	if err != nil {
		t.Skip("this system has no /dev/zero")
	}
	defer zeros.Close()
	_, err = exchange.NewReader(zeros)
	assert.ErrorContains(t, err, "not an export")
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

// kindOf says what a line has.
func kindOf(l *exchange.Line) string {
	switch {
	case l.Message != nil:
		return "message"
	case l.Event != nil:
		return "event"
	case l.Rejected != nil:
		return "rejected"
	case l.Row != nil:
		return "row"
	case l.Checkpoint != nil:
		return "checkpoint"
	case l.Failure != nil:
		return "failure"
	default:
		return "counters"
	}
}

func TestAnExportHasItsPartsInTheirOrder(t *testing.T) {
	const fixture = "../testdata/export-v1.jsonl"
	text, err := os.ReadFile(fixture)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "events.db")
	_, err = sqlite.Import(t.Context(), file, bytes.NewReader(text))
	require.NoError(t, err)
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true})
	require.NoError(t, err)
	defer l.Close()
	var out bytes.Buffer
	require.NoError(t, l.Export(t.Context(), &out))

	in, err := exchange.NewReader(&out)
	require.NoError(t, err)
	assert.True(t, in.HasRows, "events were deleted")
	var kinds []string
	for {
		line, err := in.Next()
		require.NoError(t, err)
		if line == nil {
			break
		}
		if k := kindOf(line); len(kinds) == 0 || kinds[len(kinds)-1] != k {
			kinds = append(kinds, k)
		}
		if line.Event != nil {
			e, err := line.Event.Event()
			require.NoError(t, err)
			assert.Equal(t, line.Event.Seq, e.Seq)
			assert.Equal(t, line.Event.Body, e.Raw)
			assert.Len(t, e.Headers, len(line.Event.Headers))
			assert.Len(t, e.Proof.Components, len(line.Event.Proof.Components))
		}
	}
	assert.Equal(t, []string{"message", "event", "rejected", "row", "checkpoint", "failure", "counters"}, kinds)
}
