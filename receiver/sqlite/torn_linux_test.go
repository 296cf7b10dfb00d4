package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func fileTime(t testing.TB, file string) time.Time {
	t.Helper()
	info, err := os.Stat(file)
	require.NoError(t, err)
	return info.ModTime()
}

// touchings change what the system says about a store's file, and not what is in it.
var touchings = map[string]func(t testing.TB, file string){
	"touch":         func(t testing.TB, f string) { require.NoError(t, os.Chtimes(f, time.Now(), time.Now())) },
	"an older time": func(t testing.TB, f string) { require.NoError(t, os.Chtimes(f, time.Unix(1, 0), time.Unix(1, 0))) },
	"chmod":         func(t testing.TB, f string) { require.NoError(t, os.Chmod(f, 0o640)) },
	"chown":         func(t testing.TB, f string) { require.NoError(t, os.Chown(f, os.Getuid(), os.Getgid())) },
	"another name": func(t testing.TB, f string) {
		require.NoError(t, os.Link(f, f+".link"))
		require.NoError(t, os.Remove(f+".link"))
	},
	"opened to append": func(t testing.TB, f string) {
		file, err := os.OpenFile(f, os.O_RDWR|os.O_APPEND, 0)
		require.NoError(t, err)
		require.NoError(t, file.Close())
	},
}

// A store that somebody has only touched is not damaged, and has no mark of it later.
func TestATouchedStoreTakesEvents(t *testing.T) {
	for what, touch := range touchings {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "events.db")
			l := tornStore(t, file, sqlite.Options{})
			for range 3 {
				touch(t, file)
				fill(t, l, ordersEvents(t, 1)...)
			}
			touch(t, file+"-wal")
			fill(t, l, ordersEvents(t, 1)...)
			require.NoError(t, l.Damage())
			require.NoError(t, l.Close())
			l = open(t, file, sqlite.Options{})
			require.NoError(t, l.Damage())
			checkStore(t, l, nil)
		})
	}
}

// Somebody writes to a store that was touched, or gives it its old time again.
func TestATouchedStoreIsDamagedAfterAWrite(t *testing.T) {
	for what, tear := range map[string]func(t testing.TB, file string){
		"touched before": func(t testing.TB, f string) {
			touchings["touch"](t, f)
			overwrite(t, f, sizeOf(t, f)/2, 4096)
		},
		"touched after": func(t testing.TB, f string) {
			overwrite(t, f, sizeOf(t, f)/2, 4096)
			touchings["touch"](t, f)
		},
		"its old time": func(t testing.TB, f string) {
			before := fileTime(t, f)
			overwrite(t, f, sizeOf(t, f)/2, 4096)
			require.NoError(t, os.Chtimes(f, before, before))
		},
		"its old time, many changes": func(t testing.TB, f string) {
			before := fileTime(t, f)
			for i := range 200 {
				overwrite(t, f, sizeOf(t, f)/2, 16)
				require.NoError(t, os.Chmod(f, 0o600+os.FileMode(i%2)<<5))
			}
			require.NoError(t, os.Chtimes(f, before, before))
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			noticed := make(chan error, 1)
			l := tornStore(t, filepath.Join(t.TempDir(), "events.db"), sqlite.Options{OnDamage: func(err error) { noticed <- err }})
			tear(t, l.File())
			require.ErrorIs(t, soon(t, noticed), sqlite.ErrDamaged)
			_, err := l.Append(t.Context(), anEvent(t, "after"))
			assert.ErrorIs(t, err, sqlite.ErrDamaged)
		})
	}
}
