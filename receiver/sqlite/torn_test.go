package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

const patience = 30 * time.Second

// overwrite writes into the middle of a file, as dd does.
func overwrite(t testing.TB, file string, at int64, length int) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	require.NoError(t, err)
	noise := make([]byte, length)
	for i := range noise {
		noise[i] = byte(i*7 + 3)
	}
	_, err = f.WriteAt(noise, at)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func sizeOf(t testing.TB, file string) int64 {
	t.Helper()
	info, err := os.Stat(file)
	require.NoError(t, err)
	return info.Size()
}

// anotherStore is a sound store with other events.
func anotherStore(t testing.TB) string {
	t.Helper()
	l := newLog(t, sqlite.Options{})
	fill(t, l, ordersEvents(t, 3)...)
	require.NoError(t, l.Close())
	return l.File()
}

func copyOver(t testing.TB, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, content, 0o600)) // as cp: the same file with other content
}

// tearings are what others may do to the files of a store that is in use.
var tearings = map[string]func(t testing.TB, file string){
	"its log is emptied":           func(t testing.TB, f string) { require.NoError(t, os.Truncate(f+"-wal", 0)) },
	"its log is cut by a byte":     func(t testing.TB, f string) { require.NoError(t, os.Truncate(f+"-wal", sizeOf(t, f+"-wal")-1)) },
	"its log is cut to a half":     func(t testing.TB, f string) { require.NoError(t, os.Truncate(f+"-wal", sizeOf(t, f+"-wal")/2)) },
	"its log's head is gone":       func(t testing.TB, f string) { overwrite(t, f+"-wal", 0, 16) },
	"its log's middle is gone":     func(t testing.TB, f string) { overwrite(t, f+"-wal", sizeOf(t, f+"-wal")/2, 4096) },
	"its log is another one":       func(t testing.TB, f string) { copyOver(t, anotherStore(t), f+"-wal") },
	"the file is emptied":          func(t testing.TB, f string) { require.NoError(t, os.Truncate(f, 0)) },
	"the file is cut":              func(t testing.TB, f string) { require.NoError(t, os.Truncate(f, sizeOf(t, f)/2)) },
	"the file's head is gone":      func(t testing.TB, f string) { overwrite(t, f, 0, 200) },
	"the file's middle is gone":    func(t testing.TB, f string) { overwrite(t, f, sizeOf(t, f)/2, 4096) },
	"the file has another content": func(t testing.TB, f string) { copyOver(t, anotherStore(t), f) },
}

// tornStore is a store in use whose log was copied into the file before, so that both
// have events.
func tornStore(t testing.TB, file string, o sqlite.Options) *sqlite.Log {
	t.Helper()
	l := open(t, file, o)
	fill(t, l, ordersEvents(t, 4)...)
	require.NoError(t, l.Close())
	l = open(t, file, o)
	fill(t, l, ordersEvents(t, 4)...)
	return l
}

func TestATornStoreTakesNoEvents(t *testing.T) {
	for what, tear := range tearings {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "events.db")
			noticed := make(chan error, 1)
			l := tornStore(t, file, sqlite.Options{OnDamage: func(err error) { noticed <- err }})
			require.NoError(t, l.Damage())
			tear(t, file)
			answered := refused(t, l)
			if what != "its log's middle is gone" { // which is noticed when the log is copied into the file
				assert.Zero(t, answered)
			}
			require.ErrorIs(t, <-noticed, sqlite.ErrDamaged)
			require.ErrorIs(t, l.Damage(), sqlite.ErrDamaged)
			_ = l.Close()

			l, err := sqlite.Open(t.Context(), file, sqlite.Options{OnDamage: func(err error) { noticed <- err }})
			if err != nil {
				require.ErrorIs(t, err, sqlite.ErrDamaged)
				return
			}
			require.ErrorIs(t, <-noticed, sqlite.ErrDamaged)
			for range 3 {
				_, err = l.Append(t.Context(), anEvent(t, "after"))
				require.ErrorIs(t, err, sqlite.ErrDamaged)
			}
			require.NoError(t, l.Close())
		})
	}
}

// refused appends events until one is refused because of damage, and returns how many
// were stored before.
func refused(t testing.TB, l *sqlite.Log) int {
	t.Helper()
	for i := range 4000 {
		_, err := l.Append(t.Context(), anEvent(t, fmt.Sprint("torn-", i)))
		if err != nil {
			require.ErrorIs(t, err, sqlite.ErrDamaged)
			return i
		}
	}
	require.Fail(t, "it still takes events")
	return 0
}

// No delivery is needed.
func TestAnIdleReceiverNoticesATornStore(t *testing.T) {
	for what, tear := range tearings {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			noticed := make(chan error, 1)
			l := tornStore(t, filepath.Join(t.TempDir(), "events.db"), sqlite.Options{OnDamage: func(err error) { noticed <- err }})
			tear(t, l.File())
			require.ErrorIs(t, soon(t, noticed), sqlite.ErrDamaged)
		})
	}
}

// soon returns what a channel receives.
func soon(t testing.TB, c <-chan error) error {
	t.Helper()
	select {
	case err := <-c:
		return err
	case <-time.After(patience):
		require.Fail(t, "nothing was noticed")
		return nil
	}
}

func TestAnIdleReceiverMissesItsFiles(t *testing.T) {
	movesOpenFiles(t)
	for suffix, missing := range map[string]error{"": sqlite.ErrMoved, "-wal": sqlite.ErrIncomplete} {
		t.Run("events.db"+suffix, func(t *testing.T) {
			t.Parallel()
			noticed := make(chan error, 1)
			l := tornStore(t, filepath.Join(t.TempDir(), "events.db"), sqlite.Options{OnMissing: func(err error) { noticed <- err }})
			name := l.File() + suffix
			require.NoError(t, os.Rename(name, name+".away"))
			require.ErrorIs(t, soon(t, noticed), missing)
			require.NoError(t, os.Rename(name+".away", name))
			require.NoError(t, soon(t, noticed))
			appendAll(t, l, anEvent(t, "after"))
		})
	}
}

// A reader that finds a damaged page stops the writer.
func TestAReaderNoticesDamage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.db")
	o := sqlite.Options{}.WithRecent(16) // the writer reads only the last two events
	l := tornStore(t, file, o)
	require.NoError(t, l.Close())
	damagePages(t, file, pagesOf(t, file, "event_log", "leaf")[0])
	l = open(t, file, o)
	appendAll(t, l, anEvent(t, "before"))
	_, err := l.Events(t.Context(), receiver.EventQuery{Limit: 1000})
	require.ErrorIs(t, err, sqlite.ErrDamaged)
	_, err = l.Append(t.Context(), anEvent(t, "after"))
	require.ErrorIs(t, err, sqlite.ErrDamaged)
}

// pagesOf returns the numbers of the pages of a table or an index of a kind: leaf or
// internal.
func pagesOf(t testing.TB, file, table, kind string) (pages []int64) {
	t.Helper()
	c, end := connected(t, file)
	defer end()
	rows, err := c.QueryContext(t.Context(), "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = ? ORDER BY path", table, kind)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var n int64
		require.NoError(t, rows.Scan(&n))
		pages = append(pages, n)
	}
	require.NoError(t, rows.Err())
	return pages
}

const pageSize = 8 << 10

// damagePages overwrites pages from their first byte on.
func damagePages(t testing.TB, file string, pages ...int64) {
	t.Helper()
	for _, n := range pages {
		overwrite(t, file, (n-1)*pageSize, pageSize)
	}
}
