package sqlite_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func verified(t testing.TB, l *sqlite.Log) sqlite.VerifyResult {
	t.Helper()
	c, err := l.Verify(t.Context(), nil)
	require.NoError(t, err)
	return c
}

func TestVerifyASoundStore(t *testing.T) {
	t.Parallel()
	for _, recent := range []int{5, 5000} {
		l := newLog(t, sqlite.Options{}.WithRecent(recent))
		storeEverything(t, l, append(oddEvents(t), ordersEvents(t, 8)...))
		assert.Equal(t, sqlite.VerifyResult{Events: 65, Rows: 14}, verified(t, l))
		require.NoError(t, l.Close())
		for _, o := range []sqlite.Options{{KeepEvents: 7}, {Keep: time.Hour}} {
			pruned := prune(t, copyOf(t, l.File()), o)
			assert.Empty(t, verified(t, pruned).Problems)
		}
	}
}

func TestVerifyFindsProblems(t *testing.T) {
	t.Parallel()
	sound := filepath.Join(t.TempDir(), "events.db")
	l := open(t, sound, sqlite.Options{}.WithRecent(16))
	appendAll(t, l, ordersEvents(t, 8)...)
	require.Empty(t, verified(t, l).Problems)
	require.NoError(t, l.Close())
	for what, c := range map[string]struct{ statement, want string }{
		"a row changed":     {"UPDATE rows SET seq = seq + 1 WHERE number = 2", "is not what its events make"},
		"a row's updates":   {"UPDATE rows SET updates = (SELECT updates FROM rows WHERE number = 1) WHERE number = 2", "is not what its events make"},
		"a row's state":     {"UPDATE rows SET state = x'63' WHERE number = 2", "is not valid"},
		"a row missing":     {"DELETE FROM rows WHERE number = 2", "rows that are missing: 1"},
		"a row too many":    {"INSERT INTO rows SELECT 99, kind, test, x'00', 999, state, updates FROM rows WHERE number = 2", "has no events"},
		"a row not indexed": {"UPDATE row_indexed SET number = 99", "is not found by its id"},
		"an envelope":       {"UPDATE event_log SET envelope = x'ff' WHERE seq = 3", "event 3: a stored value is not valid"},
		"a message missing": {"UPDATE dedup SET keys = substr(keys, 34) WHERE length(keys) > 33", "would not be found"},
		"an older message": {`UPDATE dedup SET keys = CAST(substr(keys, 1, instr(keys, x'0000000000000002') - 1) || x'0000000000000001' || substr(keys, instr(keys, x'0000000000000002') + 8) AS BLOB)
			WHERE instr(keys, x'0000000000000002') > 0`, "event 2 would not be found"},
		"recent messages":    {"DELETE FROM dedup_recent", "would not be found"},
		"an event missing":   {"DELETE FROM event_log WHERE seq = 5", "events: the store counts 40, and has 39"},
		"a wrong verdict":    {"UPDATE event_log SET verdict = 2 WHERE seq = 5", "verified events: the store counts 40, and has 39"},
		"a block":            {"UPDATE event_index SET block = (SELECT block FROM event_index WHERE seq = 1) WHERE seq = 3", "a search would not find the events from 3 on"},
		"ids of a block":     {"UPDATE event_index SET ids = x'00000000' WHERE seq = 3", "a search would not find the events from 3 on"},
		"a wrong count":      {"UPDATE counters SET orders = 7", "rows: the store counts 7, and has 8"},
		"a compacted index":  {"VACUUM; PRAGMA writable_schema = 1; DELETE FROM sqlite_schema WHERE name = 'rows_by_change'", "the file is damaged"},
		"an index not whole": {"PRAGMA writable_schema = 1; DELETE FROM sqlite_schema WHERE name = 'rows_by_change'", "the file is damaged"},
	} {
		t.Run(what, func(t *testing.T) {
			file := copyOf(t, sound)
			change(t, file, c.statement)
			l, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true})
			require.NoError(t, err)
			defer l.Close()
			problems := verified(t, l).Problems
			require.NotEmpty(t, problems)
			found := ""
			for _, p := range problems {
				found += p + "\n"
			}
			assert.Contains(t, found, c.want)
		})
	}
}

// everyTable makes a store with something in each table, some events of which are deleted.
func everyTable(t *testing.T) string {
	t.Helper()
	file := storeOfOrders(t, orders)
	l := open(t, file, sqlite.Options{}.WithRecent(64))
	forged := delivery(t, orderBody("late", "late", "PLACED", start, 0), receiver.Rejected)
	l.Reject(forged)
	last := counts(t, l).LastSeq
	require.NoError(t, l.SaveCheckpoint(t.Context(), "exec", receiver.Checkpoint{Cursor: last - 20, Done: []receiver.Span{{First: last - 15, Last: last - 12}}}))
	require.NoError(t, l.Close())
	require.NoError(t, prune(t, file, sqlite.Options{KeepEvents: 61}).Close()) // a part of an order
	l = open(t, file, sqlite.Options{}.WithRecent(1000))                       // some keys stay recent
	appendAll(t, l, ordersEvents(t, 4)...)
	require.NoError(t, l.Close())
	return file
}

// What a reader or the writer takes for damage, and what can't be exported, is found, and a repair mends it.
func TestVerifyFindsWhatAReceiverTakesForDamage(t *testing.T) {
	t.Parallel()
	sound := everyTable(t)
	l := open(t, sound, sqlite.Options{ReadOnly: true})
	require.Empty(t, verified(t, l).Problems)
	require.NoError(t, l.Close())
	for what, c := range map[string]struct{ harm, want string }{
		"spans":                   {"UPDATE checkpoints SET done = x'0280'", "the checkpoint of \"exec\" can't be read"},
		"spans that go back":      {"UPDATE checkpoints SET done = x'02010002'", "the checkpoint of \"exec\" can't be read"},
		"a checkpoint ahead":      {"UPDATE checkpoints SET cursor = cursor + 4096, done = x'0200'", "the checkpoint of \"exec\" says"},
		"spans ahead":             {"UPDATE checkpoints SET done = x'0201017f'", "the checkpoint of \"exec\" says"},
		"a checkpoint before all": {"UPDATE checkpoints SET cursor = -5, done = x'0200'", "the checkpoint of \"exec\" says"},
		"a rejected delivery":     {"UPDATE rejected_log SET envelope = CAST(substr(envelope, 1, length(envelope) - 1) AS BLOB) WHERE seq = 2", "a rejected delivery can't be read"},
		"one that is an event":    {"UPDATE rejected_log SET verdict = 1 WHERE seq = 6", "the rejected delivery 6 is verified"},
		"the time of a rejection": {"UPDATE rejected_log SET received = 9223372036854775000 WHERE seq = 2", "the rejected delivery 2 has an impossible time"},
		"a number ahead":          {"UPDATE rejected_log SET seq = 8 WHERE seq = 6", "there is a rejected delivery 8"},
		"the time of a failure":   {"UPDATE failures SET at = 9223372036854775000", "\"exec\" gave up event 2 at an impossible time"},
		"the time of an event":    {"UPDATE event_log SET received = 9223372036854775000 WHERE seq = 150", "event 150 has an impossible time"},
		"a rejected event":        {"UPDATE event_log SET verdict = 0 WHERE seq = 150", "event 150 is rejected"},
		"an unknown verdict":      {"UPDATE event_log SET verdict = 9 WHERE seq = 150", "event 150 is unknown"},
		"updates of a short row":  {"UPDATE rows SET updates = CAST(substr(updates, 1, length(updates) - 1) AS BLOB) WHERE number = (SELECT min(number) FROM rows)", "a stored value is not valid"},
		"minutes":                 {"DELETE FROM minutes", "would not be found by its time"},
		"a minute ahead":          {"UPDATE minutes SET seq = seq + 256", "would not be found by its time"},
		"a line of the index":     {"UPDATE event_index SET last = last + 4096 WHERE seq = (SELECT max(seq) FROM event_index)", "a search would not find"},
		"its end":                 {"UPDATE event_index SET last = last - 1 WHERE seq = (SELECT max(seq) FROM event_index)", "a search would not find"},
		"the place of a block":    {"UPDATE dedup SET id = id + 1", "blocks are not in their order"},
		"the end of a key":        {"UPDATE dedup_recent SET keys = CAST(substr(keys, 1, 15) || x'00' || substr(keys, 17) AS BLOB)", "would not be found if it came again"},
		"a message ahead":         {"UPDATE dedup_recent SET keys = CAST(substr(keys, 1, 17) || x'01' || substr(keys, 19) AS BLOB)", "there is a message of event 7205759"},
		"a place":                 {"INSERT INTO admitted_events VALUES (150, 160, 5)", "the admitted event 150 came at an impossible place"},
		"a jump":                  {"INSERT INTO clock_jumps VALUES (NULL, 150, 2, 9223372036854775000, 5)", "the clock jumped at an impossible time, after event 150"},
		"a negative counter":      {"UPDATE counters SET duplicates = -1", "a counter is -1"},
		"the newest arrival":      {"UPDATE counters SET last_arrival = 9223372036854775000", "the newest delivery came at an impossible time"},
		"no counters":             {"DELETE FROM counters", "the line of its counters"},
		"the end of rows":         {"DELETE FROM row_indexed", "the line of its counters or of its index of rows"},
		"the last number":         {"UPDATE counters SET last_seq = last_seq + 4096", "the store says that the last event is 4268, and the last one that it has or had is 172"},
		"the last number, lower":  {"UPDATE counters SET last_seq = last_seq - 1", "says that the last one is 171"},
		"more of a verdict":       {"UPDATE counters SET verified = verified + 4096", "events: the store counts 4178, and has 82"},
		"less of a verdict":       {"UPDATE counters SET verified = verified - 64", "events: the store counts 18, and has 82"},
		"a verdict, some deleted": {"UPDATE counters SET verified = verified - 150, trusted = trusted + 150", "verified events: the store counts"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			file := copyOf(t, sound)
			change(t, file, c.harm)
			l := open(t, file, sqlite.Options{ReadOnly: true})
			assert.Contains(t, strings.Join(verified(t, l).Problems, "\n"), c.want)
			require.NoError(t, l.Close())
			isRepaired(t, file, what)
			l = open(t, file, sqlite.Options{})
			assert.NotEmpty(t, exported(t, l))
			rejected, err := l.Events(t.Context(), receiver.EventQuery{Rejected: true})
			require.NoError(t, err)
			assert.NotEmpty(t, rejected)
			_, _ = checkpoint(t, l, "exec")
		})
	}
}

// Whichever bit is changed, no receiver calls a store damaged that Verify calls sound, and it can be
// exported. UP42_DAMAGES is how many bits are tried.
func TestWhatVerifyCallsSoundCanBeUsed(t *testing.T) {
	t.Parallel()
	store := storeOfAll(t)
	whole := bytesOf(t, store)
	var small []int64 // the pages of the other tables than that of events, which has by far the most
	for _, table := range []string{"checkpoints", "failures", "rejected_log", "clock_jumps", "minutes", "counters", "rows", "row_index", "dedup", "dedup_recent", "event_index"} {
		small = append(small, pagesOf(t, store, table, "leaf")...)
	}
	seed, sound := seedOfDamages(), 0
	for i := range rounds(t, "UP42_DAMAGES", 12) {
		r, b := rand.New(rand.NewPCG(seed, uint64(i))), bytes.Clone(whole)
		first, at, bit := int(small[r.IntN(len(small))]-1)*page, 0, r.IntN(8)
		for at == 0 || b[at] == 0 { // most of them are not used
			at = first + r.IntN(page)
		}
		b[at] ^= 1 << bit
		file := filepath.Join(t.TempDir(), "events.db")
		require.NoError(t, os.WriteFile(file, b, 0o600))
		if isSound(t, file) {
			sound++
			useAll(t, file, fmt.Sprintf("bit %d of byte %d of page %d (seed %d, %d)", bit, at%page, at/page+1, seed, i))
		}
	}
	t.Logf("%d were sound", sound)
}

func isSound(t *testing.T, file string) bool {
	t.Helper()
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true})
	if err != nil {
		return false
	}
	c, err := l.Verify(t.Context(), nil)
	require.NoError(t, l.Close())
	return err == nil && len(c.Problems) == 0
}

// useAll reads all that a store has, as readers do, and writes to all rows.
func useAll(t *testing.T, file, what string) {
	t.Helper()
	l := open(t, file, sqlite.Options{KeepEvents: 40}.WithRecent(16))
	info, err := l.Info(t.Context())
	require.NoError(t, err, what)
	for _, r := range info.Readers {
		_, _, err := l.Checkpoint(t.Context(), r.Name)
		require.NoError(t, err, what)
	}
	_, err = l.Failures(t.Context(), "")
	require.NoError(t, err, what)
	_, err = l.Places(t.Context(), 0)
	require.NoError(t, err, what)
	for _, rejected := range []bool{false, true} {
		_, err = l.Events(t.Context(), receiver.EventQuery{Rejected: rejected, Limit: 1000})
		require.NoError(t, err, what)
	}
	for _, err := range l.Search(t.Context(), receiver.Search{Match: func(*receiver.Event) bool { return true }}) {
		require.NoError(t, err, what)
	}
	rows, err := l.Rows(t.Context(), receiver.RowQuery{Updates: true, Limit: 1000})
	require.NoError(t, err, what)
	require.NoError(t, l.Export(t.Context(), io.Discard), what)
	for i, r := range rows {
		_, err := l.Append(t.Context(), delivery(t, orderBody(fmt.Sprint("more", i), r.ID, "PLACED", start, 0), receiver.Verified))
		require.NoError(t, err, what)
	}
	l.Reject(delivery(t, `{"event":"x"}`, receiver.Rejected))
	require.NoError(t, l.Close(), what)
	require.NoError(t, l.Damage(), what)
}
