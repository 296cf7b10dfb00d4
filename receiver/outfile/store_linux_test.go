package outfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/sqlite/beside"
)

// A database that this process has open is not opened once more to see what it is: its locks would end.
func TestAnOpenDatabaseKeepsItsLocks(t *testing.T) {
	dir := t.TempDir()
	store, hard := filepath.Join(dir, "events.db"), filepath.Join(dir, "hard")
	f, err := os.OpenFile(store, os.O_RDWR|os.O_CREATE, 0o600)
	require.NoError(t, err)
	defer f.Close()
	require.NoError(t, errors.Join(text("SQLite format 3\x00")(f), os.Link(store, hard)))
	require.NoError(t, os.WriteFile(store+beside.Log, nil, 0o600))
	require.NoError(t, unix.FcntlFlock(f.Fd(), unix.F_SETLK, &unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart}))
	for name, want := range map[string]string{store: "is a database", hard: hard + " has a second name (a hard link), and this program has it open, perhaps as a store: name another file"} {
		require.ErrorContains(t, outfile.Write(t.Context(), name, text("x")), want)
		_, _, err := outfile.Append(name)
		require.ErrorContains(t, err, want)
	}
	// A lock of an open file belongs to it, not to the process: it shows that the other one is still there.
	other, err := os.OpenFile(store, os.O_RDWR, 0)
	require.NoError(t, err)
	require.ErrorIs(t, unix.FcntlFlock(other.Fd(), unix.F_OFD_SETLK, &unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart}), unix.EAGAIN)
	require.NoError(t, other.Close())
}

// A file with two names that this process has open may be its log: it is not called a database.
func TestAnOpenFileWithTwoNames(t *testing.T) {
	dir := t.TempDir()
	log, hard := filepath.Join(dir, "log"), filepath.Join(dir, "hard")
	f, err := os.Create(log)
	require.NoError(t, err)
	require.NoError(t, os.Link(log, hard))
	err = outfile.Write(t.Context(), hard, text("x"))
	require.ErrorContains(t, err, hard+" has a second name (a hard link), and this program has it open")
	require.NotContains(t, err.Error(), "SQLite")
	require.NoError(t, f.Close())
	require.NoError(t, outfile.Write(t.Context(), hard, text("x")))
}
