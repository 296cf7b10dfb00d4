package sqlite_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/vacuum"
)

func TestAFullDiskOfTheSystem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=512k"); err != nil {
		t.Skip("can't mount a small disk:", err)
	}
	defer func() { assert.NoError(t, unix.Unmount(dir, 0)) }()
	ballast := filepath.Join(dir, "ballast")
	require.NoError(t, os.WriteFile(ballast, make([]byte, 128<<10), 0o600))
	l := open(t, filepath.Join(dir, "state", "events.db"), sqlite.Options{})
	appendAll(t, l, anEvent(t, "before"))
	fillDisk(t, l, func() {})
	stored := counts(t, l)
	require.NoError(t, os.Remove(ballast))
	r := appendAll(t, l, anEvent(t, "after"))
	assert.Equal(t, stored.LastSeq+1, r[0].Seq)
	checkStore(t, l, map[int64]string{1: "before", stored.LastSeq + 1: "after"})
	require.NoError(t, l.Close())
}

func TestCompactNeedsRoom(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skip("can't mount a small disk:", err)
	}
	defer func() { assert.NoError(t, unix.Unmount(dir, 0)) }()
	file := filepath.Join(dir, "events.db")
	before, err := os.ReadFile(storeOf(t, ordersEvents(t, 40)...))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, before, 0o600))
	var disk unix.Statfs_t
	require.NoError(t, unix.Statfs(dir, &disk))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ballast"), make([]byte, int64(disk.Bavail)*int64(disk.Bsize)-200<<10), 0o600))
	require.ErrorContains(t, sqlite.Compact(t.Context(), file, vacuum.Options{}), "free some space; the store is as it was")
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(before, after))
	assert.NoFileExists(t, file+".compacting")
}
