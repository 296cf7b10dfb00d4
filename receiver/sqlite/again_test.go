package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// When all of the log is copied into the file, the next transaction begins it again. That is no damage,
// also if a transaction that changes nothing comes between.
func TestALogThatBeginsAgainIsNotDamaged(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{}.WithLogPages(5))
	for i := range 150 {
		appendAll(t, l, delivery(t, orderBody(fmt.Sprint("m", i), "o", "PLACED", start, 20_000), receiver.Verified))
		for range 2 + i%3 {
			require.NoError(t, l.RemoveFailure(t.Context(), "r", 1))
		}
	}
	require.NoError(t, l.Damage())
	requireSound(t, l)
}

// The copier may copy a transaction before the writer has seen that the copier is done. If it is begun
// once more then, SQLite may begin the log again before the copier has verified it.
func TestALogThatIsCopiedBeforeTheWriterKnows(t *testing.T) {
	t.Parallel()
	committed := make(chan struct{})
	o := sqlite.Options{}.WithLogPages(5).WithCopying(func(ctx context.Context) {
		select {
		case <-committed: // there is another transaction, which it copies, too
		case <-ctx.Done():
		}
	}, func() bool {
		committed <- struct{}{}
		return true
	})
	l := newLog(t, o)
	for i := range 20 {
		appendAll(t, l, delivery(t, orderBody(fmt.Sprint("m", i), "o", "PLACED", start, 20_000), receiver.Verified))
	}
	require.NoError(t, l.Damage())
	requireSound(t, l)
}

// A viewer keeps the log while the receiver ends and another one starts, which counts for itself how
// often it began the log again.
func TestALogThatTheNextReceiverBeginsAgainIsNotDamaged(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	o := sqlite.Options{}.WithLogPages(5)
	store := func(from, to int) {
		l := open(t, file, o)
		for i := from; i < to; i++ {
			appendAll(t, l, delivery(t, orderBody(fmt.Sprint("m", i), "o", "PLACED", start, 20_000), receiver.Verified))
		}
		require.NoError(t, l.Damage())
		require.NoError(t, l.Close())
	}
	store(0, 1)
	viewer := open(t, file, sqlite.Options{ReadOnly: true})
	store(1, 50)
	store(50, 100)
	assert.EqualValues(t, 100, counts(t, viewer).LastSeq)
}
