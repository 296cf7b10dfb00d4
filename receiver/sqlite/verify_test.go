package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func verified(t *testing.T, l *sqlite.Log) sqlite.VerifyResult {
	t.Helper()
	c, err := l.Verify(t.Context())
	require.NoError(t, err)
	return c
}

func TestASoundStore(t *testing.T) {
	for name, o := range map[string]sqlite.Options{"whole": {}, "pruned": {KeepEvents: 7}, "held": {Keep: time.Hour}} {
		for _, recent := range []int{5, 5000} {
			t.Run(name, func(t *testing.T) {
				file := filepath.Join(t.TempDir(), "events.db")
				l := open(t, file, sqlite.Options{}.WithRecent(recent))
				full(t, l, append(odd(t), lives(t, 20)...))
				assert.Equal(t, sqlite.VerifyResult{Events: 119, Rows: 24}, verified(t, l))
				if name != "whole" {
					require.NoError(t, l.Close())
					l = prune(t, file, o)
					assert.Empty(t, verified(t, l).Problems)
				}
			})
		}
	}
}

func TestWhatIsWrongIsFound(t *testing.T) {
	for what, c := range map[string]struct{ statement, want string }{
		"a row changed":      {"UPDATE board SET seq = seq + 1 WHERE place = 2", "is not what its events make of it"},
		"a row's points":     {"UPDATE board SET points = (SELECT points FROM board WHERE place = 1) WHERE place = 2", "is not what its events make of it"},
		"a row's state":      {"UPDATE board SET state = x'63' WHERE place = 2", "makes no sense"},
		"a row missing":      {"DELETE FROM board WHERE place = 2", "1 rows are missing"},
		"a row too many":     {"INSERT INTO board SELECT 99, kind, x'00', 999, state, points FROM board WHERE place = 2", "has no events"},
		"a row lost":         {"DELETE FROM places WHERE place = 1", "is not found by its id"},
		"an envelope":        {"UPDATE events SET envelope = x'ff' WHERE seq = 3", "event 3: a stored value makes no sense"},
		"a message missing":  {"DELETE FROM messages WHERE seq = 2", "event 2 would not be known"},
		"a message of old":   {"UPDATE messages SET seq = 1 WHERE seq = 2", "event 2 would not be known"},
		"recent messages":    {"DELETE FROM recent", "would not be known"},
		"an event missing":   {"DELETE FROM events WHERE seq = 5", "counts 40 events, and has 39"},
		"a wrong verdict":    {"UPDATE events SET verdict = 2 WHERE seq = 5", "counts 40 verified events, and has 39"},
		"a wrong count":      {"UPDATE counters SET orders = 7", "counts 7 rows, and has 8"},
		"an index not whole": {"PRAGMA writable_schema = 1; DELETE FROM sqlite_schema WHERE name = 'board_changes'", "the file is damaged"},
	} {
		t.Run(what, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "events.db")
			l := open(t, file, sqlite.Options{}.WithRecent(16))
			appendAll(t, l, lives(t, 8)...)
			require.Empty(t, verified(t, l).Problems)
			require.NoError(t, l.Close())
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
