package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func someEvents(t testing.TB, name string, n int) []*receiver.Event {
	events := make([]*receiver.Event, n)
	for i := range events {
		events[i] = delivery(t, fmt.Sprintf(`{"event":"x","messageId":"%s%d"}`, name, i), receiver.Verified)
	}
	return events
}

func requireDuplicates(t *testing.T, l *sqlite.Log, first int64, events []*receiver.Event) {
	t.Helper()
	receipts, err := l.AppendAll(t.Context(), events)
	require.NoError(t, err)
	for i, r := range receipts {
		require.Equal(t, receiver.Receipt{Seq: first + int64(i), Duplicate: true}, r)
	}
}

func requireNew(t *testing.T, l *sqlite.Log, events []*receiver.Event) {
	t.Helper()
	receipts, err := l.AppendAll(t.Context(), events)
	require.NoError(t, err)
	for _, r := range receipts {
		require.False(t, r.Duplicate)
	}
}

// Whether the key of a message is in the tree or among the recent ones, a repeated message
// is a duplicate, and a new one is an event.
func TestDuplicatesOfMessagesStoredBefore(t *testing.T) {
	t.Parallel()
	for _, recent := range []int{1, 100, 10_000} {
		t.Run(fmt.Sprint(recent), func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "events.db")
			l := open(t, file, sqlite.Options{}.WithRecent(recent))
			old := someEvents(t, "old", 800)
			requireNew(t, l, old)
			require.NoError(t, l.Close())
			l = open(t, file, sqlite.Options{}.WithRecent(recent))
			for i := range 16 {
				added := someEvents(t, fmt.Sprint("new", i, "-"), 10)
				requireNew(t, l, added)
				requireDuplicates(t, l, int64(800+10*i+1), added)
				requireDuplicates(t, l, int64(50*i+1), old[50*i:50*(i+1)])
			}
			requireDuplicates(t, l, 1, old)
		})
	}
}

func TestDuplicatesOfWhatAnotherWriterStored(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	one := open(t, file, sqlite.Options{}.WithRecent(1))
	two := open(t, file, sqlite.Options{}.WithRecent(1))
	requireNew(t, one, someEvents(t, "a", 20))
	requireNew(t, two, someEvents(t, "b", 20))
	requireDuplicates(t, one, 21, someEvents(t, "b", 20))
	requireDuplicates(t, two, 1, someEvents(t, "a", 20))
}
