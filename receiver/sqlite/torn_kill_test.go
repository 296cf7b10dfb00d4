package sqlite_test

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// left is what a killed receiver has left: its files with their times.
type left map[string]struct {
	content []byte
	written time.Time
}

func leftOf(t testing.TB, file string) left {
	t.Helper()
	l := left{}
	for _, name := range []string{file, file + "-wal", file + "-mark"} {
		content, err := os.ReadFile(name)
		require.NoError(t, err)
		info, err := os.Stat(name)
		require.NoError(t, err)
		entry := l[name]
		entry.content, entry.written = content, info.ModTime()
		l[name] = entry
	}
	return l
}

// restore makes the files as they were. They stay the same files.
func (l left) restore(t testing.TB, file string) {
	t.Helper()
	_ = os.Remove(file + "-shm")
	for name, was := range l {
		_ = os.Rename(name+".away", name)
		require.NoError(t, os.WriteFile(name, was.content, 0o600))
		require.NoError(t, os.Chtimes(name, was.written, was.written))
	}
}

// A receiver was killed, and then somebody changed its files. The next start says so, or
// nothing is missing that was answered.
func TestAStoreThatIsTornAfterAKill(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	require.NoError(t, tornStore(t, file, sqlite.Options{}).Close())
	answered := map[int64]string{}
	killAfter(t, file, 100, answered)
	was := leftOf(t, file)

	tearings := maps.Clone(tearings)
	tearings["its log is gone"] = func(t testing.TB, f string) { require.NoError(t, os.Rename(f+"-wal", f+"-wal.away")) }
	tearings["the file is gone"] = func(t testing.TB, f string) { require.NoError(t, os.Rename(f, f+".away")) }
	tearings["the file is replaced"] = func(t testing.TB, f string) {
		require.NoError(t, os.Rename(f, f+".away"))
		copyOver(t, anotherStore(t), f)
	}
	tearings["the file is a copy"] = func(t testing.TB, f string) {
		require.NoError(t, os.Rename(f, f+".away"))
		copyOver(t, f+".away", f)
	}
	tearings["all is replaced"] = func(t testing.TB, f string) {
		require.NoError(t, os.Rename(f, f+".away"))
		require.NoError(t, os.Rename(f+"-wal", f+"-wal.away"))
		copyOver(t, anotherStore(t), f)
	}
	harmless := map[string]bool{"nothing": true, "it is touched": true, "the file is a copy": true}
	tearings["nothing"] = func(testing.TB, string) {}
	tearings["it is touched"] = func(t testing.TB, f string) { require.NoError(t, os.Chtimes(f, time.Now(), time.Now())) }

	for what, tear := range tearings {
		t.Run(what, func(t *testing.T) {
			was.restore(t, file)
			tear(t, file)
			l, err := sqlite.Open(t.Context(), file, sqlite.Options{})
			if err != nil {
				require.ErrorIs(t, err, sqlite.ErrDamaged)
				assert.False(t, harmless[what], err)
				return
			}
			if l.Damage() == nil {
				checkStore(t, l, answered)
			} else {
				assert.False(t, harmless[what], l.Damage())
				_, err := l.Append(t.Context(), anEvent(t, "after"))
				require.ErrorIs(t, err, sqlite.ErrDamaged)
			}
			require.NoError(t, l.Close())
		})
	}
}
