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

// Each error names the field, in plain words, and says what to do.
func TestReaderSaysWhatIsWrongInALine(t *testing.T) {
	t.Parallel()
	const again = "the line was changed, export the store once more"
	number := "that number: it is too large, or has a sign or a fraction"
	for line, want := range map[string]string{
		``:                                       "the line is empty",
		`[]`:                                     "the line can't be a JSON array",
		`"x"`:                                    "the line can't be a JSON string",
		`{"event":{}} {"event":{}`:               "there is more after the value of the line",
		`{"event":[]}`:                           "the field event can't be a JSON array",
		`{"event":{"seq":"one"}}`:                "the field event.seq can't be a JSON string",
		`{"event":{"seq":99999999999999999999}}`: "the field event.seq can't be " + number,
		`{"event":{"seq":1.5}}`:                  "the field event.seq can't be " + number,
		`{"message":{"trust":-1}}`:               "the field message.trust can't be " + number,
		`{"event":{"receivedAt":"yesterday"}}`:   "the field event.receivedAt is no time like 2026-11-30T10:00:00Z",
		`{"event":{"receivedAt":"2026-13-01T00:00:00Z"}}`:              "the field event.receivedAt is no time like 2026-11-30T10:00:00Z",
		`{"event":{"receivedAt":"2026-11-30T10:00:00Z","admitted":5}}`: "the field event.admitted is no time like 2026-11-30T10:00:00Z",
		`{"failure":{"at":"x"}}`:                                       "the field failure.at is no time like 2026-11-30T10:00:00Z",
		`{"event":{"body":"!","headers":[]}}`:                          "the field event.body is no base64",
		`{"row":{"id":{"base64":"?"},"state":""}}`:                     "the field row.id.base64 is no base64",
		`{"row":{"id":{"base64":5}}}`:                                  "the field row.id.base64 can't be a JSON number",
		`{"event":{"proof":{"label":5}}}`:                              "the field event.proof.label can't be a JSON number",
		`{"event":{"proof":{"label":{"base64":"AA"},"path":""}}}`:      "the field event.proof.label.base64 is no base64",
		`{"event":{"headers":[["Date",{"base64":"!"}]]}}`:              "the field event.headers is no base64",
		`{"progress":{"done":5}}`:                                      "the field progress.done can't be a JSON number",
		`{"progress":{"done":["5"]}}`:                                  "the field progress.done can't be a JSON string",
		`{"progress":{"done":[[5,"6"]]}}`:                              "the field progress.done can't be a JSON string",
		`{"progress":{"done":[[5,6],[7]]}}`:                            "the field progress.done has a range of events that has not two ends",
		`{"progress":{"done":[[5,6,7]]}}`:                              "the field progress.done has a range of events that has not two ends",
		`{"counters":{"lastSeq":1e30,"x":{"y":1}}}`:                    "the field counters.lastSeq can't be " + number,
		`{"event":{"seq":1,"\u001b[31m":"yesterday"}}`:                 `this version does not know the field "\x1b[31m": import it with the version that wrote it`,
		`{"` + strings.Repeat("x", 1000) + `":1}`:                      `this version does not know the field "` + strings.Repeat("x", 58) + "…: import it with the version that wrote it",
	} {
		in, err := exchange.NewReader(strings.NewReader(header + line + "\n"))
		require.NoError(t, err, line)
		_, err = in.Next()
		want = "import, line 2: " + want
		if !strings.Contains(want, "import it") {
			want += ": " + again
		}
		assert.EqualError(t, err, want, line)
	}
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
