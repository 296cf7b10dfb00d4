package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
			run(t, other(t, file), c.statement)
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
