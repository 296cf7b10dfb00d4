package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func checkpoint(t testing.TB, l *sqlite.Log, reader string) (receiver.Checkpoint, bool) {
	t.Helper()
	p, ok, err := l.Checkpoint(t.Context(), reader)
	require.NoError(t, err)
	return p, ok
}

func failures(t testing.TB, l *sqlite.Log, reader string) []receiver.Failure {
	t.Helper()
	f, err := l.Failures(t.Context(), reader)
	require.NoError(t, err)
	return f
}

func TestCheckpointsAreKept(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	_, ok := checkpoint(t, l, "exec")
	assert.False(t, ok)
	want := map[string]receiver.Checkpoint{"exec": {Cursor: 7}, "https://a.example/?b=\x00ü": {Cursor: 1 << 40, Done: []receiver.Span{{First: 1<<40 + 3, Last: 1<<40 + 9}, {First: 1 << 50, Last: 1 << 50}}}, "begun": {}}
	for name, p := range want {
		require.NoError(t, l.SaveCheckpoint(t.Context(), name, receiver.Checkpoint{Cursor: 1}))
		require.NoError(t, l.SaveCheckpoint(t.Context(), name, p))
	}
	require.NoError(t, l.Close())
	for _, o := range []sqlite.Options{{}, {ReadOnly: true}} {
		l = open(t, file, o)
		for name, p := range want {
			got, ok := checkpoint(t, l, name)
			assert.True(t, ok)
			assert.Equal(t, p, got)
		}
	}
	require.ErrorIs(t, l.SaveCheckpoint(t.Context(), "exec", receiver.Checkpoint{}), sqlite.ErrViewer)
}

func TestAnInvalidCheckpointIsRefused(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	for _, p := range []receiver.Checkpoint{
		{Cursor: 5, Done: []receiver.Span{{First: 5, Last: 5}}},
		{Cursor: 5, Done: []receiver.Span{{First: 7, Last: 6}}},
		{Cursor: 5, Done: []receiver.Span{{First: 7, Last: 9}, {First: 9, Last: 10}}},
	} {
		require.Error(t, l.SaveCheckpoint(t.Context(), "exec", p))
	}
	require.Error(t, l.SaveCheckpoint(t.Context(), "", receiver.Checkpoint{}))
	_, ok := checkpoint(t, l, "exec")
	assert.False(t, ok)
}

func TestFailures(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	assert.Empty(t, failures(t, l, ""))
	at := start.Add(1234 * time.Microsecond)
	nine := receiver.Failure{Reader: "exec", Seq: 9, At: at, Tries: 3, Reason: "exit status 1"}
	other := receiver.Failure{Reader: "a", Seq: 9, At: at, Tries: 1, Reason: "\x1b[2J\xff"}
	four := receiver.Failure{Reader: "exec", Seq: 4, At: at, Tries: 1}
	for _, f := range []receiver.Failure{{Reader: "exec", Seq: 9, Reason: "before"}, four, other, nine} {
		require.NoError(t, l.AddFailure(t.Context(), f))
	}
	require.Error(t, l.AddFailure(t.Context(), receiver.Failure{Seq: 1}))
	require.NoError(t, l.Close())
	v := open(t, file, sqlite.Options{ReadOnly: true})
	assert.Equal(t, []receiver.Failure{four, other, nine}, failures(t, v, ""))
	assert.Equal(t, []receiver.Failure{four, nine}, failures(t, v, "exec"))
	assert.Empty(t, failures(t, v, "nobody"))

	l = open(t, file, sqlite.Options{})
	require.NoError(t, l.RemoveFailure(t.Context(), "exec", 9))
	require.NoError(t, l.RemoveFailure(t.Context(), "exec", 9), "again")
	assert.Equal(t, []receiver.Failure{four, other}, failures(t, v, ""))
}

func TestRemoveReader(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	for _, name := range []string{"gone", "stays"} {
		require.NoError(t, l.SaveCheckpoint(t.Context(), name, receiver.Checkpoint{Cursor: 1}))
		require.NoError(t, l.AddFailure(t.Context(), receiver.Failure{Reader: name, Seq: 1}))
	}
	require.NoError(t, l.RemoveReader(t.Context(), "gone"))
	require.NoError(t, l.RemoveReader(t.Context(), "gone"))
	i, err := l.Info(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []sqlite.ReaderInfo{{Name: "stays", Checkpoint: receiver.Checkpoint{Cursor: 1}, Failures: 1}}, i.Readers)
}

func TestRenameReader(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	require.NoError(t, l.SaveCheckpoint(t.Context(), "old", receiver.Checkpoint{Cursor: 7}))
	require.NoError(t, l.SaveCheckpoint(t.Context(), "new", receiver.Checkpoint{Cursor: 9}))
	require.NoError(t, l.AddFailure(t.Context(), receiver.Failure{Reader: "old", Seq: 1}))
	require.NoError(t, l.RenameReader(t.Context(), "old", "new"))
	require.NoError(t, l.RenameReader(t.Context(), "nobody", "new"))
	require.Error(t, l.RenameReader(t.Context(), "new", ""))
	i, err := l.Info(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []sqlite.ReaderInfo{{Name: "new", Checkpoint: receiver.Checkpoint{Cursor: 7}, Failures: 1}}, i.Readers)
}

// Checkpoints share transactions with deliveries.
func TestCheckpointsBesideDeliveries(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	var wg sync.WaitGroup
	for i := range 8 {
		name := fmt.Sprint("reader", i)
		wg.Go(func() {
			for _, e := range orderEvents(t) {
				r, err := l.Append(context.Background(), e)
				assert.NoError(t, err)
				assert.NoError(t, l.SaveCheckpoint(context.Background(), name, receiver.Checkpoint{Cursor: r.Seq}))
				p, _, err := l.Checkpoint(context.Background(), name)
				assert.NoError(t, err)
				assert.Equal(t, r.Seq, p.Cursor)
			}
		})
	}
	wg.Wait()
	checkStore(t, l, nil)
}

func TestCheckpointsFailIfTheStoreCantBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{BusyTimeout: time.Millisecond})
	release := lock(t, file)
	require.ErrorIs(t, l.SaveCheckpoint(t.Context(), "exec", receiver.Checkpoint{Cursor: 1}), sqlite.ErrLocked)
	release()
	require.NoError(t, l.SaveCheckpoint(t.Context(), "exec", receiver.Checkpoint{Cursor: 2}))
	p, _ := checkpoint(t, l, "exec")
	assert.EqualValues(t, 2, p.Cursor)
	require.NoError(t, l.Close())
	require.ErrorIs(t, l.RemoveFailure(t.Context(), "exec", 1), receiver.ErrClosed)
}

func TestAnyCheckpointIsReadAsSaved(t *testing.T) {
	l := newLog(t, sqlite.Options{})
	receivertest.Checks(t, 30)
	rapid.Check(t, func(rt *rapid.T) {
		p := receiver.Checkpoint{Cursor: rapid.Int64Range(0, 1<<40).Draw(rt, "cursor")}
		at := p.Cursor
		for _, step := range rapid.SliceOf(rapid.Int64Range(1, 1<<20)).Draw(rt, "steps") {
			s := receiver.Span{First: at + step, Last: at + 2*step}
			at, p.Done = s.Last, append(p.Done, s)
		}
		require.NoError(t, l.SaveCheckpoint(t.Context(), "r", p))
		got, ok := checkpoint(t, l, "r")
		assert.True(t, ok)
		assert.Equal(t, p, got)
	})
}
