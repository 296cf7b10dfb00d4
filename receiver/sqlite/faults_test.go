package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/vacuum"
)

// other returns a connection of another program to a SQLite file.
func other(t testing.TB, file string) *sql.Conn {
	t.Helper()
	c, end := connected(t, file)
	t.Cleanup(end)
	return c
}

func connected(t testing.TB, file string) (c *sql.Conn, end func()) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	require.NoError(t, err)
	c, err = db.Conn(t.Context())
	require.NoError(t, err)
	return c, func() {
		_ = c.Close()
		_ = db.Close()
	}
}

func run(t testing.TB, c *sql.Conn, statements ...string) {
	t.Helper()
	for _, s := range statements {
		_, err := c.ExecContext(context.Background(), s)
		require.NoError(t, err)
	}
}

// change runs statements as another program that ends then. Windows renames no file that a program has open.
func change(t testing.TB, file string, statements ...string) {
	t.Helper()
	c, end := connected(t, file)
	run(t, c, statements...)
	end()
}

// lock begins a write of another program. The returned function ends it.
func lock(t testing.TB, file string) (release func()) {
	t.Helper()
	c := other(t, file)
	run(t, c, "BEGIN IMMEDIATE")
	return func() { run(t, c, "ROLLBACK") }
}

func anEvent(t testing.TB, id string) *receiver.Event {
	return delivery(t, orderBody(id, "o", "PLACED", start, 0), receiver.Verified)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	foreign := func(t *testing.T, file string) { change(t, file, "CREATE TABLE theirs (a)") }
	garbage := func(n int) func(*testing.T, string) {
		return func(t *testing.T, file string) {
			require.NoError(t, os.WriteFile(file, []byte(strings.Repeat("no database ", n)), 0o600))
		}
	}
	for name, c := range map[string]struct {
		make     func(*testing.T, string)
		readOnly bool
		want     error
	}{
		"another program's":          {foreign, false, sqlite.ErrForeign},
		"another program's, to view": {foreign, true, sqlite.ErrForeign},
		"another program's, by mark": {func(t *testing.T, f string) { change(t, f, "PRAGMA application_id = 7") }, false, sqlite.ErrForeign},
		"another program's, WAL": {func(t *testing.T, f string) {
			run(t, other(t, f), "PRAGMA journal_mode = WAL", "CREATE TABLE theirs (a)") // it has its log
		}, false, sqlite.ErrForeign},
		"of an older version":          {older, false, sqlite.ErrOlder},
		"of an older version, to view": {older, true, sqlite.ErrOlder},
		"of a newer version":           {newer, false, sqlite.ErrNewer},
		"of a newer version, to view":  {newer, true, sqlite.ErrNewer},
		"no database":                  {garbage(1000), false, sqlite.ErrDamaged},
		"no database, short":           {garbage(1), false, sqlite.ErrDamaged},
		"no database, to view":         {garbage(1000), true, sqlite.ErrDamaged},
		"missing, to view":             {func(*testing.T, string) {}, true, sqlite.ErrMissing},
		"empty, to view":               {func(t *testing.T, f string) { require.NoError(t, os.WriteFile(f, nil, 0o600)) }, true, sqlite.ErrMissing},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "events.db")
			c.make(t, file)
			before, _ := os.ReadFile(file)
			_, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: c.readOnly})
			require.ErrorIs(t, err, c.want)
			assert.Contains(t, err.Error(), file)
			assert.NotContains(t, err.Error(), "\n", "one line")
			var e *sqlite.Error
			assert.ErrorAs(t, err, &e)
			after, _ := os.ReadFile(file)
			assert.Equal(t, before, after, "the file is not changed")
		})
	}
}

// What is refused has no file more beside it than before.
func TestARefusedDatabaseIsLeftAlone(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "theirs.db")
	db, err := sql.Open("sqlite", file)
	require.NoError(t, err)
	_, err = db.Exec("PRAGMA journal_mode = WAL; CREATE TABLE theirs (a)")
	require.NoError(t, errors.Join(err, db.Close()))
	for what, try := range map[string]func() error{
		"open": func() error { _, err := sqlite.Open(t.Context(), file, sqlite.Options{}); return err },
		"view": func() error {
			_, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true})
			return err
		},
		"compact": func() error { return sqlite.Compact(t.Context(), file, vacuum.Options{}) },
		"repair":  func() error { _, err := sqlite.Repair(t.Context(), file); return err },
	} {
		require.ErrorIs(t, try(), sqlite.ErrForeign, what)
		beside, err := os.ReadDir(folder)
		require.NoError(t, err)
		assert.Len(t, beside, 1, what)
	}
}

func newer(t *testing.T, file string) {
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.NoError(t, err)
	require.NoError(t, l.Close())
	change(t, file, "ALTER TABLE minutes ADD COLUMN more INTEGER", fmt.Sprintf("PRAGMA user_version = %d", sqlite.SchemaVersion+1))
}

// older makes a file that is marked as a store of an older version.
func older(t *testing.T, file string) {
	newer(t, file)
	change(t, file, fmt.Sprintf("PRAGMA user_version = %d", sqlite.SchemaVersion-1))
}

func TestAnOlderStoreIsExportedWithItsOwnVersion(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	older(t, file)
	_, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.ErrorIs(t, err, sqlite.ErrOlder)
	assert.ErrorContains(t, err, "store export")
	assert.ErrorContains(t, err, "store import")
	require.ErrorIs(t, sqlite.Compact(t.Context(), file, vacuum.Options{}), sqlite.ErrOlder)
	_, err = sqlite.Import(t.Context(), file, strings.NewReader(""))
	require.ErrorIs(t, err, sqlite.ErrOlder)
}

func TestOpenRefusesWhatIsNotAFile(t *testing.T) {
	t.Parallel()
	_, err := sqlite.Open(t.Context(), t.TempDir(), sqlite.Options{})
	require.Error(t, err)
	_, err = sqlite.Open(t.Context(), filepath.Join(os.Args[0], "events.db"), sqlite.Options{})
	require.Error(t, err)
}

func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("root may write anywhere, and Windows has no folder that can't be written")
	}
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o500))
	_, err := sqlite.Open(t.Context(), filepath.Join(dir, "events.db"), sqlite.Options{})
	require.ErrorIs(t, err, sqlite.ErrReadOnly)
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "state", "up42hooks")
	file := filepath.Join(folder, "events.db")
	l := open(t, file, sqlite.Options{})
	appendAll(t, l, anEvent(t, "m"))
	for name, want := range map[string]os.FileMode{folder: 0o700, filepath.Dir(folder): 0o700, file: 0o600, file + "-wal": 0o600, file + "-shm": 0o600} {
		receivertest.Permissions(t, want, name)
	}
	existing := t.TempDir()
	require.NoError(t, os.Chmod(existing, 0o755))
	open(t, filepath.Join(existing, "events.db"), sqlite.Options{})
	receivertest.Permissions(t, 0o755, existing)
}

func TestOddFileNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a?b=c.db", "a%41.db", "a#b.db", "a b+c.db", "ä漢.db", ":memory:", "file:x.db", "a&mode=memory.db", "'a\".db"} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.ContainsAny(name, `?":`) {
				t.Skip("Windows has no such names")
			}
			dir := t.TempDir()
			file := filepath.Join(dir, name)
			l := open(t, file, sqlite.Options{})
			appendAll(t, l, anEvent(t, "m"))
			v := open(t, file, sqlite.Options{ReadOnly: true})
			assert.EqualValues(t, 1, counts(t, v).Events())
			require.NoError(t, v.Close())
			require.NoError(t, l.Close())
			entries, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Len(t, entries, 1)
			assert.Equal(t, name, entries[0].Name())
		})
	}
}

func TestLockedByAnotherProgram(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{BusyTimeout: time.Millisecond})
	appendAll(t, l, anEvent(t, "m1"))
	release := lock(t, file)
	_, err := l.Append(t.Context(), anEvent(t, "m2"))
	require.ErrorIs(t, err, sqlite.ErrLocked)
	assert.Len(t, allEvents(t, l), 1, "readers go on")
	release()
	appendAll(t, l, anEvent(t, "m2"))
	assert.Len(t, allEvents(t, l), 2)
}

// After the store was locked, all connections are opened again. Nobody who reads notices it.
func TestReadersGoOnWhileTheStoreIsLockedAgainAndAgain(t *testing.T) {
	t.Parallel()
	const times = 20
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{BusyTimeout: time.Millisecond, Poll: time.Millisecond})
	var reading sync.WaitGroup
	reading.Go(func() {
		for seen := int64(0); seen < times; {
			page, err := l.Next(t.Context(), seen, 100)
			if !assert.NoError(t, err) {
				return
			}
			seen = page[len(page)-1].Seq
		}
	})
	reading.Go(func() {
		for n := int64(0); n < times; {
			c, err := l.Counts(t.Context())
			if !assert.NoError(t, err) {
				return
			}
			n = c.LastSeq
		}
	})
	for i := range times {
		release := lock(t, file)
		_, err := l.Append(t.Context(), anEvent(t, fmt.Sprint("m", i)))
		require.ErrorIs(t, err, sqlite.ErrLocked)
		release()
		appendAll(t, l, anEvent(t, fmt.Sprint("m", i)))
	}
	reading.Wait()
	require.NoError(t, l.Damage())
}

func TestAFullDisk(t *testing.T) {
	t.Parallel()
	var pages atomic.Int64
	pages.Store(1 << 30)
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{}.WithPragmas(func() []string {
		return []string{fmt.Sprintf("max_page_count = %d", pages.Load())}
	}))
	appendAll(t, l, anEvent(t, "before"))
	fillDisk(t, l, func() { pages.Store(1) })
	large := orderBody("more", "o", "PLACED", start, 32<<10)
	l.Reject(delivery(t, large, receiver.Rejected))
	_, err := l.Append(t.Context(), delivery(t, large, receiver.Verified))
	require.ErrorIs(t, err, sqlite.ErrFull)
	stored := counts(t, l)
	assert.Len(t, allEvents(t, l), int(stored.Events()), "readers go on, and see whole transactions")

	pages.Store(1 << 30)
	r := appendAll(t, l, anEvent(t, "after"))
	assert.Equal(t, stored.LastSeq+1, r[0].Seq, "no gap")
	require.NoError(t, l.Close())
	l = open(t, file, sqlite.Options{})
	checkStore(t, l, map[int64]string{1: "before", stored.LastSeq + 1: "after"})
	assert.EqualValues(t, 1, counts(t, l).Rejected, "the rejected delivery has waited for room")
}

// fillDisk appends until the disk is full. shrink makes the disk smaller.
func fillDisk(t *testing.T, l *sqlite.Log, shrink func()) {
	t.Helper()
	shrink()
	reopen(t, l)
	for i := range 1000 {
		e := delivery(t, orderBody(fmt.Sprint("fill", i), fmt.Sprint("o", i), "PLACED", start, 4096), receiver.Verified)
		if _, err := l.Append(t.Context(), e); err != nil {
			require.ErrorIs(t, err, sqlite.ErrFull)
			_, err = l.Append(t.Context(), e)
			require.ErrorIs(t, err, sqlite.ErrFull, "and again")
			return
		}
	}
	require.Fail(t, "the disk is not full")
}

// movesOpenFiles skips a test where a file that is open can be neither renamed nor removed.
func movesOpenFiles(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows renames and removes no file that is open")
	}
}

// reopen makes the writer open a new connection, as it does after any failure.
func reopen(t *testing.T, l *sqlite.Log) {
	t.Helper()
	if runtime.GOOS == "windows" { // it renames no file that is open
		release := lock(t, l.File())
		_, err := l.Append(t.Context(), anEvent(t, "nowhere"))
		require.ErrorIs(t, err, sqlite.ErrLocked)
		release()
		return
	}
	moved := l.File() + ".moved"
	require.NoError(t, os.Rename(l.File(), moved))
	_, err := l.Append(t.Context(), anEvent(t, "nowhere"))
	require.ErrorIs(t, err, sqlite.ErrMoved)
	require.NoError(t, os.Rename(moved, l.File()))
}

func TestAStoreThatIsMovedAway(t *testing.T) {
	t.Parallel()
	movesOpenFiles(t)
	l := newLog(t, sqlite.Options{})
	appendAll(t, l, anEvent(t, "m1"))
	reopen(t, l)
	appendAll(t, l, anEvent(t, "m2"))
	checkStore(t, l, map[int64]string{1: "m1", 2: "m2"})
}

func TestAWriteAheadLogThatIsPutBack(t *testing.T) {
	t.Parallel()
	movesOpenFiles(t)
	l := newLog(t, sqlite.Options{})
	appendAll(t, l, anEvent(t, "m1"))
	log := l.File() + "-wal"
	require.NoError(t, os.Rename(log, log+".moved"))
	_, err := l.Append(t.Context(), anEvent(t, "m2"))
	require.ErrorIs(t, err, sqlite.ErrIncomplete)
	require.NoError(t, os.Rename(log+".moved", log))
	appendAll(t, l, anEvent(t, "m2"))
	checkStore(t, l, map[int64]string{1: "m1", 2: "m2"})
}

// SQLite would go on writing to files that were removed, without an error.
func TestNothingIsStoredInAnIncompleteStore(t *testing.T) {
	t.Parallel()
	movesOpenFiles(t)
	for name, damage := range map[string]func(file string) error{
		"its log is removed": func(file string) error { return os.Remove(file + "-wal") },
		"its log is replaced": func(file string) error {
			return errors.Join(os.Remove(file+"-wal"), os.WriteFile(file+"-wal", nil, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLog(t, sqlite.Options{})
			appendAll(t, l, anEvent(t, "m1"))
			require.NoError(t, damage(l.File()))
			for range 3 {
				_, err := l.Append(t.Context(), anEvent(t, "m2"))
				require.ErrorIs(t, err, sqlite.ErrIncomplete)
			}
			require.NoError(t, l.Close())
			l = open(t, l.File(), sqlite.Options{})
			checkStore(t, l, map[int64]string{1: "m1"})
			appendAll(t, l, anEvent(t, "m2"))
		})
	}
}

func TestAnExistingEmptyFileGetsItsPermissions(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	require.NoError(t, os.Chmod(file, 0o644))
	l := open(t, file, sqlite.Options{})
	appendAll(t, l, anEvent(t, "m1"))
	for _, suffix := range []string{"", "-wal", "-shm"} {
		receivertest.Permissions(t, 0o600, file+suffix)
	}
}
