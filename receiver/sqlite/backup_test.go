package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/vacuum"
)

// What the writer stores meanwhile is in the copy wholly or not at all.
func TestBackupWhileTheWriterWrites(t *testing.T) {
	t.Parallel()
	events := ordersEvents(t, 20)
	l := open(t, storeOf(t, events...), sqlite.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	more, wrote := ordersEvents(t, 60)[len(events):], make(chan struct{})
	copied := filepath.Join(t.TempDir(), "copy.db")
	require.NoError(t, l.Backup(t.Context(), copied, vacuum.Options{Begin: func(needed, free int64) {
		assert.Positive(t, needed)
		assert.Greater(t, free, needed)
		go func() {
			defer close(wrote)
			for _, e := range more {
				if ctx.Err() == nil {
					appendAll(t, l, e)
				}
			}
		}()
	}}))
	cancel()
	<-wrote
	c := open(t, copied, sqlite.Options{ReadOnly: true})
	all := allEvents(t, c)
	require.GreaterOrEqual(t, len(all), len(events))
	assert.Equal(t, allEvents(t, l)[:len(all)], all)
	assert.Empty(t, verified(t, c).Problems)
	assert.Empty(t, verified(t, l).Problems)
	names, err := filepath.Glob(copied + "*")
	require.NoError(t, err)
	assert.Equal(t, []string{copied}, names, "it is one file")
}

func TestABackupIsAStore(t *testing.T) {
	t.Parallel()
	events := ordersEvents(t, 3)
	l := open(t, storeOf(t, events...), sqlite.Options{ReadOnly: true})
	copied := filepath.Join(t.TempDir(), "copy.db")
	require.NoError(t, l.Backup(t.Context(), copied, vacuum.Options{}))
	c := open(t, copied, sqlite.Options{})
	requireDuplicates(t, c, 1, events)
	appendAll(t, c, anEvent(t, "later"))
	assert.Empty(t, verified(t, c).Problems)
}

func TestBackupThatIsInterrupted(t *testing.T) {
	t.Parallel()
	l := open(t, storeOf(t, ordersEvents(t, 20)...), sqlite.Options{ReadOnly: true})
	ctx, cancel := context.WithCancel(t.Context())
	copied := filepath.Join(t.TempDir(), "copy.db")
	require.ErrorIs(t, l.Backup(ctx, copied, vacuum.Options{Begin: func(int64, int64) { cancel() }}), context.Canceled)
	require.NoError(t, os.WriteFile(copied, []byte("something else"), 0o600))
	require.Error(t, l.Backup(t.Context(), copied, vacuum.Options{}), "it writes over nothing")
}
