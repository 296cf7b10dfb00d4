package sqlite_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func exported(t testing.TB, l *sqlite.Log) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, l.Export(t.Context(), &b))
	return b.String()
}

// oddEvents returns events with any bytes that a sender may send.
func oddEvents(t testing.TB) []*receiver.Event {
	events := ordersEvents(t, 3)
	low := delivery(t, orderBody("raised", "o", "PLACED", start, 0), receiver.Unsigned)
	high := delivery(t, orderBody("raised", "o", "PLACED", start, 0), receiver.Verified)
	bare := &receiver.Event{Verdict: receiver.Unsigned, ReceivedAt: start, Raw: []byte("{}")}
	strange := delivery(t, "{\"event\":\"x\u202e\",\"a\":\"\xff\"}\n ", receiver.Trusted)
	strange.Headers = []receiver.Header{{Name: "X\xfe", Value: "\x80\xff"}, {Name: "Y", Value: "\x1b[2J\u2028ü"}, {}}
	strange.Proof.Path, strange.Webhook, strange.Secret = "/\xff", "w", "main"
	strange.Proof.Components = []string{"a", ""}
	strange.Proof.Age, strange.Proof.MaxMessageAge = signature.TimestampOld, 24*time.Hour
	return append(append(events, everyKindOfRow(t)...), low, high, bare, strange)
}

// storeEverything stores events, and some of everything else that a store has.
func storeEverything(t testing.TB, l *sqlite.Log, events []*receiver.Event) {
	for i, e := range events {
		e.ReceivedAt = start.Add(time.Duration(i)*time.Minute + 1234*time.Microsecond)
		appendAll(t, l, e)
	}
	for range 3 {
		appendAll(t, l, events[0])
		r := delivery(t, `{"event":"x"}`, receiver.Rejected)
		r.Reason, r.Raw = receiver.BodyMalformed, []byte("\x00nothing")
		l.Reject(r)
	}
	require.NoError(t, l.SaveCheckpoint(t.Context(), "exec\xff", receiver.Checkpoint{Cursor: 16, Done: []receiver.Span{{First: 18, Last: 20}}}))
	require.NoError(t, l.AddFailure(t.Context(), receiver.Failure{Reader: "exec\xff", Seq: 2, At: start, Tries: 3, Reason: "\xffno"}))
}

func TestAnExportIsImportedBitForBit(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]sqlite.Options{"whole": {}, "pruned": {KeepEvents: 4}, "nearly empty": {Keep: time.Hour}} {
		t.Run(name, func(t *testing.T) {
			events := oddEvents(t)
			file := filepath.Join(t.TempDir(), "events.db")
			l := open(t, file, sqlite.Options{}.WithRecent(5))
			storeEverything(t, l, events)
			require.NoError(t, l.Close())
			if l = open(t, file, sqlite.Options{}); name != "whole" {
				require.NoError(t, l.Close())
				l = prune(t, file, o)
			}
			lines := exported(t, l)
			for _, c := range []byte(lines) {
				require.True(t, c == '\n' || c >= ' ', "no control characters")
			}

			copied := filepath.Join(t.TempDir(), "sub", "copy.db")
			done, err := sqlite.Import(t.Context(), copied, strings.NewReader(lines))
			require.NoError(t, err)
			c := open(t, copied, sqlite.Options{})
			assert.Equal(t, counts(t, l), counts(t, c))
			assert.Equal(t, allEvents(t, l), allEvents(t, c))
			q := receiver.EventQuery{Rejected: true}
			want, err := l.Events(t.Context(), q)
			require.NoError(t, err)
			got, err := c.Events(t.Context(), q)
			require.NoError(t, err)
			assert.Equal(t, want, got)
			assert.Equal(t, sqlite.ImportResult{Events: counts(t, l).Events(), Rejected: int64(len(want))}, done)
			assert.Equal(t, rowsOf(t, l), rowsOf(t, c))
			assert.True(t, lines == exported(t, c), "the same lines")
			const reader = "exec\xff"
			was, known := checkpoint(t, l, reader)
			is, _ := checkpoint(t, c, reader)
			assert.True(t, known)
			assert.Equal(t, was, is)
			assert.Equal(t, failures(t, l, reader), failures(t, c, reader))
			assert.Len(t, failures(t, c, reader), 1)
			for i, e := range events {
				r := appendAll(t, c, e)[0]
				assert.True(t, r.Duplicate, i)
			}
			assert.EqualValues(t, len(events)+1, appendAll(t, c, anEvent(t, "new"))[0].Seq)
			receivertest.Permissions(t, 0o600, copied)
			entries, err := os.ReadDir(filepath.Dir(copied))
			require.NoError(t, err)
			assert.Len(t, entries, 4, "the store, its mark and the two files of SQLite")
		})
	}
}

// An event that a reader gave up is kept, although a later one of its message, with more trust,
// was deleted.
func TestAnExportWithAnEventThatWasGivenUpIsImported(t *testing.T) {
	t.Parallel()
	body := orderBody("given up", "o", "PLACED", start, 0)
	file := storeOf(t, delivery(t, body, receiver.Unsigned), delivery(t, body, receiver.Partial), anEvent(t, "last"))
	l := open(t, file, sqlite.Options{})
	require.NoError(t, l.AddFailure(t.Context(), receiver.Failure{Reader: "exec", Seq: 1, At: start, Tries: 3, Reason: "no"}))
	require.NoError(t, l.Close())
	lines := exported(t, prune(t, file, sqlite.Options{KeepEvents: 1}))
	copied := filepath.Join(t.TempDir(), "copy.db")
	done, err := sqlite.Import(t.Context(), copied, strings.NewReader(lines))
	require.NoError(t, err)
	assert.EqualValues(t, 2, done.Events)
	c := open(t, copied, sqlite.Options{})
	assert.Equal(t, lines, exported(t, c))
	assert.True(t, appendAll(t, c, delivery(t, body, receiver.Partial))[0].Duplicate)
}

func rowsOf(t testing.TB, l *sqlite.Log) []receiver.Row {
	rows, err := l.Rows(t.Context(), receiver.RowQuery{Limit: 1000, Updates: true})
	require.NoError(t, err)
	return rows
}

func TestAnImportIntoAStoreThatIsNotEmpty(t *testing.T) {
	t.Parallel()
	source := newLog(t, sqlite.Options{})
	events := oddEvents(t)
	storeEverything(t, source, events)
	require.NoError(t, source.Close()) // now the rejected deliveries are stored
	lines := exported(t, open(t, source.File(), sqlite.Options{}))
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	appendAll(t, l, anEvent(t, "own"), events[3])
	require.NoError(t, l.Close())
	for round, want := range []sqlite.ImportResult{
		{Events: int64(len(events) - 1), Duplicates: 1, Skipped: 5},
		{Duplicates: int64(len(events)), Skipped: 5},
	} {
		done, err := sqlite.Import(t.Context(), file, strings.NewReader(lines))
		require.NoError(t, err)
		assert.Equal(t, want, done, round)
	}
	l = open(t, file, sqlite.Options{})
	all := allEvents(t, l)
	require.Len(t, all, len(events)+1)
	assert.Equal(t, []string{"own", events[3].MessageID, events[0].MessageID}, []string{all[0].MessageID, all[1].MessageID, all[2].MessageID})
	rowSet := receiver.NewRowSet()
	for i, e := range all {
		assert.EqualValues(t, i+1, e.Seq)
		rowSet.Apply(e)
	}
	checkRows(t, l, rowSet)
}

func TestAnImportThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	source := newLog(t, sqlite.Options{})
	storeEverything(t, source, ordersEvents(t, 25))
	require.NoError(t, source.Close()) // now the rejected deliveries are stored
	lines := strings.SplitAfter(exported(t, open(t, source.File(), sqlite.Options{})), "\n")
	n := len(lines)
	without := func(i int) string { return strings.Join(lines[:i], "") + strings.Join(lines[i+1:], "") }
	says := map[string]string{
		"an unknown field": `line 2: this version does not know the field "events"`, "a field of another kind": "line 2: the field event.seq can't be a JSON string",
		"no JSON later": "line 2: the line is no JSON", "cut short in a line": "the file was cut",
		"a checkpoint after the last event": `import: the checkpoint of "https://a.example/…#e322c6d7" says that event 200 is done, the last one is 125: repair the store that it came from with up42hooks store repair --store FILE, and export it once more`,
		"a checkpoint out of its order":     "is not in its order: 18 to 2 comes after 16: repair the store that it came from with up42hooks store repair --store FILE, and export it once more",
		"a checkpoint without a reader":     "line 130: a checkpoint has no name of its reader: repair the store",
		"a key that is no key":              "line 2: it has no message: the line was changed, export the store once more",
		"a row that can't be read":          `: row "o" has a kind, a state or updates that can't be read: the line was changed`,
		"a row of no kind":                  `: row "o" has a kind, a state or updates that can't be read: the line was changed`,
		"an event twice":                    " is not in its order: the line was changed, export the store once more",
	}
	for name, text := range map[string]string{
		"a field of another kind":           lines[0] + `{"event":{"seq":"one"}}` + "\n",
		"no JSON later":                     lines[0] + "seq 1\n",
		"nothing":                           "",
		"no export":                         "{\"seq\":1}\n",
		"no JSON":                           "seq 1\n",
		"of a newer version":                `{"format":"up42hooks-export","version":99}` + "\n",
		"cut short":                         strings.Join(lines[:n-2], ""),
		"cut short in a line":               strings.Join(lines[:n-2], "")[:100_000],
		"an event missing":                  without(100),
		"an event twice":                    strings.Join(lines[:10], "") + strings.Join(lines[9:], ""),
		"more after the end":                strings.Join(lines, "") + lines[3],
		"a line of no meaning":              lines[0] + "{}\n" + strings.Join(lines[1:], ""),
		"an unknown field":                  lines[0] + `{"events":{}}` + "\n" + strings.Join(lines[1:], ""),
		"a checkpoint after the last event": strings.NewReplacer(`[18,20]`, `[18,200]`, `{"base64":"ZXhlY/8="},"cursor"`, `"https://me:hush@a.example","cursor"`).Replace(strings.Join(lines, "")),
		"a checkpoint out of its order":     strings.ReplaceAll(strings.Join(lines, ""), `[18,20]`, `[18,2]`),
		"a checkpoint without a reader":     strings.ReplaceAll(strings.Join(lines, ""), `{"base64":"ZXhlY/8="},"cursor"`, `"","cursor"`),
		"an unknown verdict":                strings.ReplaceAll(strings.Join(lines, ""), `"verified"`, `"good"`),
		"a key that is no key":              lines[0] + `{"message":{"key":"AAAA","trust":1,"seq":5}}` + "\n",
		"a row that can't be read":          strings.Join(lines[:n-2], "") + `{"row":{"place":1,"kind":"order","id":"o","seq":1,"state":"AAAA","points":""}}` + "\n",
		"a row of no kind":                  strings.Join(lines[:n-2], "") + `{"row":{"place":1,"kind":"x","id":"o","seq":1,"state":"","points":""}}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			_, err := sqlite.Import(t.Context(), filepath.Join(dir, "events.db"), strings.NewReader(text))
			require.Error(t, err)
			assert.NotContains(t, err.Error(), "\n")
			assert.ErrorContains(t, err, says[name])
			entries, err := os.ReadDir(dir)
			require.NoError(t, err)
			assert.Empty(t, entries)
		})
	}
}

func TestAnImportIntoAnEmptyStoreThatIsOpen(t *testing.T) {
	t.Parallel()
	source := newLog(t, sqlite.Options{})
	storeEverything(t, source, ordersEvents(t, 4))
	file := filepath.Join(t.TempDir(), "events.db")
	require.NoError(t, open(t, file, sqlite.Options{}).Close())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := sqlite.Import(ctx, file, strings.NewReader(exported(t, source)))
	require.ErrorIs(t, err, context.Canceled)
	done, err := sqlite.Import(t.Context(), file, strings.NewReader(exported(t, source)))
	require.NoError(t, err)
	assert.EqualValues(t, 20, done.Events)
	checkStore(t, open(t, file, sqlite.Options{}), nil)
}

// failing fails after some bytes.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, fmt.Errorf("no room")
	}
	return len(p), nil
}

func TestAnExportThatCantBeWritten(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	fill(t, l, ordersEvents(t, 40)...)
	require.ErrorContains(t, l.Export(t.Context(), &failing{200_000}), "no room")
	require.ErrorContains(t, l.Export(t.Context(), &failing{10}), "no room")
}

// An export of an earlier program is imported. Exported again it has the same lines, but
// for the version and the states of rows, which have room for sub-statuses and tasks now.
func TestAnExportOfAnEarlierProgramIsImported(t *testing.T) {
	t.Parallel()
	for name, now := range map[string]*strings.Replacer{
		"export-v1.jsonl": strings.NewReplacer(
			`"version":1`, `"version":3`, `"duplicates":3`, `"duplicates":3,"conflicts":0`,
			"AQ4GUExBQ0VEAAdBUkNISVZFCG9uZWF0bGFzwLqgsA0AwLqgsA0AAgJAMA==", "AgwGUExBQ0VEAAAHQVJDSElWRQhvbmVhdGxhc8C6oLANAMC6oLANAAICQDAA",
		),
		"export-v2.jsonl": strings.NewReplacer(`"version":2`, `"version":3`, `"duplicates":3`, `"duplicates":3,"conflicts":0`), // with rows of tests, tasks and a time that is too far ahead
	} {
		lines, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(t, err, name)
		file := filepath.Join(t.TempDir(), "events.db")
		result, err := sqlite.Import(t.Context(), file, bytes.NewReader(lines))
		require.NoError(t, err, name)
		events := int64(strings.Count(string(lines), `{"event":{"seq"`))
		assert.Equal(t, sqlite.ImportResult{Events: events, Rejected: 3}, result, name)
		l := open(t, file, sqlite.Options{})
		assert.Equal(t, now.Replace(string(lines)), exported(t, l), name)
		requireSound(t, l)
	}
}

// An earlier program made one row of the live and the test events of an order, none for a
// number as id. It stored a message again whose id is a number, noticed no other body of a
// message, and believed each timestamp.
func TestAnEarlierExportWhoseEventsMakeOtherRows(t *testing.T) {
	t.Parallel()
	line := func(seq int, body string) string {
		return fmt.Sprintf(`{"event":{"seq":%d,"receivedAt":"2026-11-03T10:00:0%dZ","verdict":"trusted","proof":{},"body":"%s"}}`+"\n",
			seq, seq, base64.StdEncoding.EncodeToString([]byte(body)))
	}
	lines := []string{
		`{"format":"up42hooks-export","version":1}` + "\n",
		line(1, `{"event":"order.status","liveMode":true,"messageId":"a","body":{"orderId":"o","status":"PLACED"}}`),
		line(2, `{"event":"order.status","liveMode":false,"messageId":"b","body":{"orderId":"o","status":"FULFILLED"}}`),
		line(3, `{"event":"job.status","liveMode":true,"messageId":7,"body":{"jobId":5,"status":"successful"}}`),
		line(4, `{"event":"job.status","liveMode":true,"messageId":7,"body":{"jobId":5,"status":"successful"}}`),
	}
	lines = append(
		lines,
		line(5, `{"event":"order.status","liveMode":true,"timestamp":"2099-01-01T00:00:00Z","messageId":"c","body":{"orderId":"p","status":"CREATED"}}`),
		line(6, `{"event":"order.status","liveMode":true,"messageId":"d","body":{"orderId":"p","status":"PLACED"}}`),
		line(7, `{"event":"job.status","liveMode":true,"messageId":7,"body":{"jobId":5,"status":"successful"} }`),
	)
	counters := `{"counters":{"lastSeq":7,"verified":0,"trusted":7,"partial":0,"unsigned":0,"deleted":0,"rejected":0,"duplicates":0,"orders":2,"jobs":0,"lastArrival":1}}` + "\n"
	file := filepath.Join(t.TempDir(), "events.db")
	result, err := sqlite.Import(t.Context(), file, strings.NewReader(strings.Join(lines, "")+counters))
	require.NoError(t, err)
	assert.Equal(t, sqlite.ImportResult{Events: 6, Duplicates: 1}, result)

	l := open(t, file, sqlite.Options{})
	sound, err := l.Verify(t.Context(), nil)
	require.NoError(t, err)
	assert.Empty(t, sound.Problems)
	assert.EqualValues(t, 1, counts(t, l).Conflicts)
	all := allEvents(t, l)
	assert.EqualValues(t, 3, all[len(all)-1].ConflictsWith)
	for key, want := range map[receiver.Key]receiver.Status{
		{Kind: receiver.Order, ID: "o"}:             "PLACED",
		{Kind: receiver.Order, ID: "o", Test: true}: "FULFILLED",
		{Kind: receiver.Job, ID: "5"}:               "successful",
		{Kind: receiver.Order, ID: "p"}:             "PLACED", // a body dated 2099 does not pin its row
	} {
		row, ok, err := l.Row(t.Context(), key)
		require.NoError(t, err)
		assert.True(t, ok, key)
		assert.Equal(t, want, row.Status, key)
	}

	missing := strings.Join(append(lines[:2:2], lines[3:]...), "") + counters
	_, err = sqlite.Import(t.Context(), filepath.Join(t.TempDir(), "events.db"), strings.NewReader(missing))
	assert.ErrorContains(t, err, "lines are missing: it has ")
	assert.True(t, strings.HasPrefix(err.Error(), "import, line "), err)
}

// An export of version 1 says in the state of a row that it is made of test events only.
func TestARowOfTestsInAnEarlierExport(t *testing.T) {
	t.Parallel()
	lines, err := os.ReadFile("testdata/export-v1.jsonl")
	require.NoError(t, err)
	text := strings.Replace(string(lines), `"state":"AQ4G`, `"state":"AQwG`, 1)
	file := filepath.Join(t.TempDir(), "events.db")
	_, err = sqlite.Import(t.Context(), file, strings.NewReader(text))
	require.NoError(t, err)
	_, ok, err := open(t, file, sqlite.Options{}).Row(t.Context(), receiver.Key{Kind: receiver.Order, ID: "o", Test: true})
	require.NoError(t, err)
	assert.True(t, ok)
}

// cancelling ends a context with the first write.
type cancelling struct {
	cancel  context.CancelFunc
	written int
}

func (c *cancelling) Write(p []byte) (int, error) {
	c.cancel()
	c.written += len(p)
	return len(p), nil
}

func TestAnExportEndsWithItsContext(t *testing.T) {
	t.Parallel()
	l := open(t, storeOf(t, ordersEvents(t, 60)...), sqlite.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	c := cancelling{cancel: cancel}
	require.ErrorIs(t, l.Export(ctx, &c), context.Canceled)
	assert.Less(t, c.written, 128<<10, "of about 500 KB")
}
