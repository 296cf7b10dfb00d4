package wal_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/wal"
)

func TestMain(m *testing.M) { testmain.Run(m) }

// connect makes a SQLite file with a write-ahead log, and opens the log.
func connect(t testing.TB) (c *conn.Conn, l *wal.Log, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "a.db")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	c, err := conn.Open(t.Context(), conn.Source(file, conn.ReadWrite, time.Second))
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	exec(t, c, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE a (n INTEGER PRIMARY KEY, b BLOB)")
	l, err = wal.Open(file + "-wal")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, l.Close()) })
	return c, l, file
}

func exec(t testing.TB, c *conn.Conn, script string) {
	t.Helper()
	require.NoError(t, c.Exec(t.Context(), script))
}

const insert = "INSERT INTO a (b) VALUES (zeroblob(20000))"

func TestALogIsFollowed(t *testing.T) {
	c, l, _ := connect(t)
	before, err := l.Advance(true)
	require.NoError(t, err)
	_, err = l.Advance(true)
	require.Error(t, err, "nothing was written")
	same, err := l.Advance(false)
	require.NoError(t, err)
	assert.Equal(t, before, same)
	for range 3 { // the log begins again after each checkpoint
		for range 5 {
			exec(t, c, insert)
			n, err := l.Advance(true)
			require.NoError(t, err)
			assert.Greater(t, n, before)
			before = n
			require.NoError(t, l.Check())
		}
		require.NoError(t, l.Verify())
		exec(t, c, "PRAGMA wal_checkpoint(PASSIVE)")
		before = 0
	}
	exec(t, c, "BEGIN; "+insert+"; ROLLBACK; "+insert)
	_, err = l.Advance(true)
	require.NoError(t, err)
	require.NoError(t, l.Verify())
}

func TestALogThatWasOverwritten(t *testing.T) {
	for what, c := range map[string]struct {
		at      int64
		checked bool // without reading all of it
	}{
		"its head":     {16, true},
		"a page":       {20_000, false},
		"a frame head": {32 + 24 + 8192 + 10, false},
	} {
		t.Run(what, func(t *testing.T) {
			db, l, file := connect(t)
			exec(t, db, insert)
			_, err := l.Advance(true)
			require.NoError(t, err)
			f, err := os.OpenFile(file+"-wal", os.O_WRONLY, 0)
			require.NoError(t, err)
			_, err = f.WriteAt([]byte("\xff\xfe\xfd"), c.at)
			require.NoError(t, err)
			require.NoError(t, f.Close())
			if c.checked {
				require.Error(t, l.Check())
			} else {
				require.NoError(t, l.Check())
				require.Error(t, l.Verify())
				require.Error(t, l.VerifyAll())
			}
			log, err := os.Open(file + "-wal")
			require.NoError(t, err)
			defer log.Close()
			pages, err := wal.ReadPages(log, 8192)
			require.NoError(t, err)
			assert.NotEmpty(t, pages.Offsets, "the other pages can be used")
		})
	}
}

// A process that is killed leaves a part of its last transaction in the log. SQLite does not read
// it, and the next transactions overwrite it step by step.
func TestWhatAKilledProcessLeavesDoesNotCount(t *testing.T) {
	const frame = 24 + 8192
	for what, torn := range map[string]int64{"a part of the last page": 100, "a whole page of zeros": 0} {
		t.Run(what, func(t *testing.T) {
			db, l, file := connect(t)
			exec(t, db, insert)
			before, err := l.Advance(true)
			require.NoError(t, err)
			exec(t, db, insert)
			all, err := l.Advance(true)
			require.NoError(t, err)
			require.Greater(t, all, before+2)
			killed := killedCopy(t, file, 32+all*frame-8192, torn)

			after, err := conn.Open(t.Context(), conn.Source(killed, conn.ReadWrite, time.Second))
			require.NoError(t, err)
			defer after.Close()
			exec(t, after, "PRAGMA wal_autocheckpoint = 0")
			var l2 *wal.Log
			for n := before; n < all+2; {
				exec(t, after, "INSERT INTO a (b) VALUES (NULL)")
				if l2 == nil {
					l2, err = wal.Open(killed + "-wal")
					require.NoError(t, err)
					defer l2.Close()
				}
				now, err := l2.Advance(true)
				require.NoError(t, err)
				assert.Greater(t, now, n)
				require.NoError(t, l2.VerifyAll())
				n = now
			}
		})
	}
}

// killedCopy copies a store whose log ends at a place, with so many bytes after it, or with a page
// of zeros.
func killedCopy(t *testing.T, file string, end, more int64) (to string) {
	t.Helper()
	to = filepath.Join(t.TempDir(), "killed.db")
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(file + suffix)
		require.NoError(t, err)
		if suffix != "" && more > 0 {
			content = content[:end+more]
		} else if suffix != "" {
			content = append(content[:end], make([]byte, 8192)...)
		}
		require.NoError(t, os.WriteFile(to+suffix, content, 0o600))
	}
	return to
}

// Frames that were right once may be overwritten before they are copied into the file.
func TestCheckedFramesAreVerifiedAgain(t *testing.T) {
	db, l, file := connect(t)
	exec(t, db, insert)
	_, err := l.Advance(true)
	require.NoError(t, err)
	require.NoError(t, l.Verify())
	require.NoError(t, l.VerifyAll())
	f, err := os.OpenFile(file+"-wal", os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteAt([]byte("\xff\xfe\xfd"), 20_000)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	require.NoError(t, l.Verify())
	require.ErrorContains(t, l.VerifyAll(), "overwritten")
}

// Connections take turns, also of other programs. Each counts for itself how often it began the
// log again.
func TestAnotherConnectionCountsGenerationsFromTheStart(t *testing.T) {
	db, l, file := connect(t)
	again := func(c *conn.Conn) {
		t.Helper()
		exec(t, c, "PRAGMA wal_checkpoint(PASSIVE); "+insert)
		require.NoError(t, l.Check())
		_, err := l.Advance(true)
		require.NoError(t, err)
	}
	for range 3 {
		again(db)
	}
	next, err := conn.Open(t.Context(), conn.Source(file, conn.ReadWrite, time.Second))
	require.NoError(t, err)
	defer next.Close()
	exec(t, next, "PRAGMA wal_autocheckpoint = 0; "+insert)
	_, err = l.Advance(true)
	require.NoError(t, err, "the log is the same yet")
	again(next)
	again(next)
	exec(t, db, "PRAGMA wal_checkpoint(PASSIVE); "+insert)
	again(db)
	older, err := os.ReadFile(file + "-wal")
	require.NoError(t, err)
	again(db)
	require.NoError(t, os.WriteFile(file+"-wal", older, 0o600))
	require.ErrorContains(t, l.Check(), "overwritten", "an older log")
}

func BenchmarkVerify(b *testing.B) {
	c, l, file := connect(b)
	exec(b, c, "BEGIN")
	for range 170 {
		exec(b, c, insert)
	}
	exec(b, c, "COMMIT")
	for b.Loop() {
		fresh, err := wal.Open(file + "-wal")
		require.NoError(b, err)
		_, err = fresh.Advance(true)
		require.NoError(b, err)
		require.NoError(b, fresh.Verify())
		require.NoError(b, fresh.Close())
	}
	n, err := l.Advance(true)
	require.NoError(b, err)
	b.ReportMetric(float64(n), "pages")
}

// A transaction that failed leaves frames in the log, which the next one overwrites in part.
func TestFramesOfATransactionThatFailed(t *testing.T) {
	db, l, file := connect(t)
	exec(t, db, insert)
	before, err := l.Advance(true)
	require.NoError(t, err)
	other := filepath.Join(t.TempDir(), "b.db")
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(file + suffix)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(other+suffix, content, 0o600))
	}
	exec(t, db, "INSERT INTO a (b) VALUES (zeroblob(90000))")
	failed, err := os.ReadFile(file + "-wal")
	require.NoError(t, err)
	l.Doubt()
	n, err := l.Advance(false)
	require.NoError(t, err)
	assert.Equal(t, before, n, "it is not known that they were written")

	c, err := conn.Open(t.Context(), conn.Source(other, conn.ReadWrite, time.Second))
	require.NoError(t, err)
	defer c.Close()
	exec(t, c, insert)
	next, err := os.ReadFile(other + "-wal")
	require.NoError(t, err)
	require.Less(t, len(next), len(failed))
	require.Equal(t, next[:32], failed[:32], "both go on with the same log")
	require.NoError(t, os.WriteFile(file+"-wal", append(next, failed[len(next):]...), 0o600))
	n, err = l.Advance(true)
	require.NoError(t, err)
	assert.EqualValues(t, (len(next)-32)/(24+8192), n)
	require.NoError(t, l.Verify())
	require.NoError(t, l.VerifyAll())
}
