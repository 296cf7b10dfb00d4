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

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

const neverPoll = time.Hour

func TestNextFollowsWithoutPolling(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{Poll: neverPoll})
	const n = 100
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			var after int64
			for after < n {
				events, err := l.Next(t.Context(), after, 7)
				if !assert.NoError(t, err) {
					return
				}
				assert.LessOrEqual(t, len(events), 7)
				for _, e := range events {
					after++
					assert.Equal(t, after, e.Seq)
				}
			}
		})
	}
	for i := range n {
		appendAll(t, l, anEvent(t, fmt.Sprint(i)))
	}
	readers.Wait()
}

func TestNextEndsWithItsContext(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := l.Next(ctx, 0, 10)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestWaitReturnsAfterEachKindOfChange(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"the log itself", "a viewer", "another writer"} {
		t.Run(who, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "events.db")
			l := open(t, file, sqlite.Options{})
			r := l
			switch who {
			case "a viewer":
				r = open(t, file, sqlite.Options{ReadOnly: true, Poll: time.Millisecond})
			case "another writer":
				r = open(t, file, sqlite.Options{Poll: time.Millisecond})
			}
			changed := waiter(t, r)
			appendAll(t, l, anEvent(t, "m"))
			changed(func(c receiver.Counts) bool { return c.Events() == 1 })
			appendAll(t, l, anEvent(t, "m"))
			changed(func(c receiver.Counts) bool { return c.Duplicates == 1 })
			l.Reject(delivery(t, `{"event":"x"}`, receiver.Rejected))
			changed(func(c receiver.Counts) bool { return c.Rejected == 1 })
		})
	}
}

// waiter returns a function that waits for changes until the counts are as expected.
func waiter(t *testing.T, l *sqlite.Log) func(func(receiver.Counts) bool) {
	version, err := l.Wait(t.Context(), 0)
	require.NoError(t, err)
	require.NotZero(t, version)
	return func(done func(receiver.Counts) bool) {
		for !done(counts(t, l)) {
			next, err := l.Wait(t.Context(), version)
			require.NoError(t, err)
			require.NotEqual(t, version, next)
			version = next
		}
	}
}

func TestWaitBlocksWithoutAChange(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{Poll: time.Millisecond})
	appendAll(t, l, anEvent(t, "m"))
	version, err := l.Wait(t.Context(), 0)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = l.Wait(ctx, version)
	require.ErrorIs(t, err, context.DeadlineExceeded, "the file has not changed since")
}

func TestAViewerOnlyReads(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	appendAll(t, l, orderEvents(t)...)
	v := open(t, file, sqlite.Options{ReadOnly: true})
	_, err := v.Append(t.Context(), anEvent(t, "m"))
	require.ErrorIs(t, err, sqlite.ErrViewer)
	v.Reject(anEvent(t, "m"))
	checkStore(t, v, nil)
	assert.Equal(t, counts(t, l), counts(t, v))

	size, err := l.Size()
	require.NoError(t, err)
	assert.Positive(t, size)

	require.NoError(t, l.Close())
	checkStore(t, v, nil)
	require.NoError(t, v.Close())
	v = open(t, file, sqlite.Options{ReadOnly: true})
	checkStore(t, v, nil)
}

func TestTwoWriters(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	logs := []*sqlite.Log{open(t, file, sqlite.Options{}), open(t, file, sqlite.Options{})}
	var wg sync.WaitGroup
	for range 20 {
		events := orderEvents(t)
		for _, l := range logs { // both get all events
			wg.Go(func() {
				for _, e := range events {
					_, err := l.Append(context.Background(), e)
					assert.NoError(t, err)
				}
			})
		}
	}
	wg.Wait()
	for _, l := range logs {
		checkStore(t, l, nil)
		c := counts(t, l)
		assert.EqualValues(t, 100, c.Events())
		assert.EqualValues(t, 100, c.Duplicates)
		assert.EqualValues(t, 20, c.Rows.Of(receiver.Order))
	}
}
