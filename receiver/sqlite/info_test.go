package sqlite_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/vacuum"
)

func TestInfo(t *testing.T) {
	t.Parallel()
	file := storeOf(t, ordersEvents(t, 4)...)
	l := open(t, file, sqlite.Options{})
	l.Reject(delivery(t, `{"event":"x"}`, receiver.Rejected))
	require.NoError(t, l.SaveCheckpoint(t.Context(), "b", receiver.Checkpoint{Cursor: 3, Done: []receiver.Span{{First: 5, Last: 5}}}))
	require.NoError(t, l.AddFailure(t.Context(), receiver.Failure{Reader: "a", Seq: 1}))
	require.NoError(t, l.AddFailure(t.Context(), receiver.Failure{Reader: "a", Seq: 2}))
	require.NoError(t, l.Close())

	v := open(t, file, sqlite.Options{ReadOnly: true})
	i, err := v.Info(t.Context())
	require.NoError(t, err)
	assert.Equal(t, counts(t, v), i.Counts)
	assert.Equal(t, file, i.File)
	assert.Positive(t, i.Size)
	assert.Equal(t, sqlite.SchemaVersion, i.Schema)
	assert.EqualValues(t, 1, i.Kept)
	assert.Equal(t, sqlite.Position{Seq: 1, At: start}, i.First)
	assert.Equal(t, sqlite.Position{Seq: 20, At: start.Add(19 * time.Minute)}, i.Last)
	assert.Equal(t, []sqlite.ReaderInfo{
		{Name: "a", Failures: 2},
		{Name: "b", Checkpoint: receiver.Checkpoint{Cursor: 3, Done: []receiver.Span{{First: 5, Last: 5}}}},
	}, i.Readers)
}

func TestInfoOfAnEmptyStore(t *testing.T) {
	t.Parallel()
	i, err := newLog(t, sqlite.Options{}).Info(t.Context())
	require.NoError(t, err)
	assert.Zero(t, i.First)
	assert.Zero(t, i.Last)
	assert.Empty(t, i.Readers)
}

func TestCompactReturnsFreeSpace(t *testing.T) {
	t.Parallel()
	events := ordersEvents(t, 100)
	file := storeOf(t, events...)
	l := prune(t, file, sqlite.Options{KeepEvents: 10})
	before := allEvents(t, l)
	require.NoError(t, l.Close())
	large, err := os.Stat(file)
	require.NoError(t, err)
	v := open(t, file, sqlite.Options{ReadOnly: true})
	i, err := v.Info(t.Context())
	require.NoError(t, err)
	assert.Greater(t, i.Free, large.Size()/2)

	if runtime.GOOS == "windows" { // it replaces no file that is open
		require.ErrorIs(t, sqlite.Compact(t.Context(), file, vacuum.Options{}), sqlite.ErrLocked)
		require.NoError(t, v.Close())
	}
	require.NoError(t, sqlite.Compact(t.Context(), file, vacuum.Options{}))
	if runtime.GOOS == "windows" {
		v = open(t, file, sqlite.Options{ReadOnly: true})
	}
	i, err = v.Info(t.Context())
	require.NoError(t, err)
	assert.Zero(t, i.Free)
	small, err := os.Stat(file)
	require.NoError(t, err)
	assert.Less(t, small.Size(), large.Size()/4)
	assert.Equal(t, before, allEvents(t, v))
	l = open(t, file, sqlite.Options{})
	requireDuplicates(t, l, 1, events)
}

func TestCompactNeedsAStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.ErrorIs(t, sqlite.Compact(t.Context(), filepath.Join(dir, "none.db"), vacuum.Options{}), sqlite.ErrMissing)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, entries)
}

// A compaction that is interrupted leaves the store as it was, and the next one removes what
// a killed one has left.
func TestCompactIsDoneWhollyOrNot(t *testing.T) {
	t.Parallel()
	events := ordersEvents(t, 20)
	file := storeOf(t, events...)
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	err = sqlite.Compact(ctx, file, vacuum.Options{Begin: func(needed, free int64) {
		assert.Positive(t, needed)
		assert.Greater(t, free, needed)
		cancel()
	}})
	require.ErrorIs(t, err, context.Canceled)
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(before, after))
	names, err := filepath.Glob(file + "*")
	require.NoError(t, err)
	assert.Equal(t, []string{file}, names)

	require.NoError(t, os.WriteFile(file+".compacting", []byte("half a store"), 0o600))
	require.NoError(t, os.Chmod(file, 0o640))
	require.NoError(t, sqlite.Compact(t.Context(), file, vacuum.Options{}))
	names, err = filepath.Glob(file + "*")
	require.NoError(t, err)
	assert.Equal(t, []string{file}, names)
	receivertest.Permissions(t, 0o640, file)
	l := open(t, file, sqlite.Options{})
	assert.Len(t, allEvents(t, l), len(events))
	assert.Empty(t, verified(t, l).Problems)
}

// The writer of another program may have stored an event since the new file was begun.
func TestCompactNoticesAnotherWriter(t *testing.T) {
	t.Parallel()
	file := storeOf(t, ordersEvents(t, 2)...)
	l := open(t, file, sqlite.Options{})
	err := sqlite.Compact(t.Context(), file, vacuum.Options{Begin: func(int64, int64) { appendAll(t, l, anEvent(t, "late")) }})
	require.ErrorIs(t, err, sqlite.ErrChanged)
	assert.Len(t, allEvents(t, l), 11)
}
