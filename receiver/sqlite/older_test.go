package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/vacuum"
)

// olderStore makes a store with the tables of an older version, and ten events.
func olderStore(t *testing.T, version int) (file string) {
	t.Helper()
	schema, err := os.ReadFile(filepath.Join("testdata", "schemas", fmt.Sprintf("v%d.sql", version)))
	require.NoError(t, err)
	file = filepath.Join(t.TempDir(), "events.db")
	c := other(t, file)
	run(t, c, "PRAGMA page_size = 8192", "PRAGMA journal_mode = WAL", string(schema),
		fmt.Sprintf("PRAGMA application_id = %d", 0x7570686b), fmt.Sprintf("PRAGMA user_version = %d", version))
	for n := range 10 {
		run(t, c, fmt.Sprintf("INSERT INTO event_log (seq, received, verdict, envelope, body) VALUES (%d, %d, 1, x'7b7d', x'7b7d')", n+1, start.UnixMicro()))
	}
	run(t, c, "UPDATE counters SET last_seq = 10, verified = 10", "PRAGMA wal_checkpoint(TRUNCATE)")
	require.NoError(t, c.Close())
	return file
}

// A store of an older version is refused with what to do, whatever is done to it, and stays as it is.
func TestStoresOfOlderVersionsAreLeftAlone(t *testing.T) {
	t.Parallel()
	for _, version := range []int{7, 8, 9, 10, 11} {
		file := olderStore(t, version)
		before, err := os.ReadFile(file)
		require.NoError(t, err)
		for what, try := range map[string]func() error{
			"open": func() error { _, err := sqlite.Open(t.Context(), file, sqlite.Options{}); return err },
			"view": func() error {
				_, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true})
				return err
			},
			"compact": func() error { return sqlite.Compact(t.Context(), file, vacuum.Options{}) },
			"repair":  func() error { _, err := sqlite.Repair(t.Context(), file); return err },
			"import":  func() error { _, err := sqlite.Import(t.Context(), file, strings.NewReader("")); return err },
		} {
			err := try()
			require.ErrorIs(t, err, sqlite.ErrOlder, "%s, version %d", what, version)
			for _, words := range []string{"written by an older version", "store export", "store import", "nothing was changed"} {
				assert.ErrorContains(t, err, words)
			}
			after, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, before, after, "%s, version %d", what, version)
		}
	}
}
