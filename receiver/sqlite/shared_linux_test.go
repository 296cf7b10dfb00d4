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

// SQLite makes the file of the shared memory again, once nobody has the store open. The disk is
// not to blame, and the store is not damaged.
func TestTheSharedMemoryIsEmptied(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	fill(t, l, ordersEvents(t, 2)...)
	before := counts(t, l).LastSeq
	require.NoError(t, os.Truncate(file+"-shm", 0))
	_, err := l.Append(t.Context(), anEvent(t, "after"))
	require.ErrorIs(t, err, sqlite.ErrShared)
	require.NoError(t, l.Damage())
	_ = l.Close()

	l = open(t, file, sqlite.Options{})
	assert.Equal(t, before, counts(t, l).LastSeq)
	_, err = l.Append(t.Context(), anEvent(t, "after"))
	require.NoError(t, err)
	require.NoError(t, l.Close())
}

// The log has the tables, and its head is gone.
func TestAStoreWithoutTablesIsDamaged(t *testing.T) {
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	fill(t, l, ordersEvents(t, 2)...)
	overwrite(t, file+"-wal", 32, 16<<10)
	require.NoError(t, os.Remove(file+"-shm"))
	require.Eventually(t, func() bool { return l.Damage() != nil }, time.Minute, 10*time.Millisecond)
	_ = l.Close()
	for _, readOnly := range []bool{true, false} {
		l, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: readOnly})
		if err == nil {
			err = l.Damage()
			require.NoError(t, l.Close())
		}
		require.ErrorIs(t, err, sqlite.ErrDamaged)
	}
}
