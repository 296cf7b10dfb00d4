package bench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// largeStore names the file of the large store. The default is in the user's cache.
const largeStore = "UP42_LARGE_STORE"

// largeEvents is how many events the large store has.
const largeEvents = 1_000_000

// copyOfLarge returns the path of a copy of the large store, which is made if it is missing.
func copyOfLarge(t *testing.T) string {
	t.Helper()
	file := os.Getenv(largeStore)
	if file == "" {
		dir, err := os.UserCacheDir()
		require.NoError(t, err)
		file = filepath.Join(dir, "up42hooks-bench", "million.db")
	}
	if _, err := os.Stat(file); err != nil {
		fmt.Fprintf(os.Stderr, "making %s with %d events, once\n", file, largeEvents)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
		// Two runs at once each make one, so that neither has the other's events.
		part := fmt.Sprintf("%s.%d.part", file, os.Getpid())
		fill(t, part, largeEvents)
		require.NoError(t, os.Rename(part, file))
	}
	return copyStore(t, file)
}

// copyStore copies a store that nobody writes to.
func copyStore(t *testing.T, file string) string {
	t.Helper()
	if log, err := os.Stat(file + "-wal"); err == nil && log.Size() > 0 {
		t.Fatalf("%s is in use: end what uses it, or remove it and its -wal, then it is made again", file)
	}
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true})
	require.NoError(t, err, "remove it, then it is made again")
	require.NoError(t, l.Close())
	from, err := os.Open(file)
	require.NoError(t, err)
	defer from.Close()
	to, err := os.Create(filepath.Join(t.TempDir(), "events.db"))
	require.NoError(t, err)
	_, err = io.Copy(to, from)
	require.NoError(t, err)
	// Otherwise the system writes it while something is measured.
	require.NoError(t, to.Sync())
	require.NoError(t, to.Close())
	return to.Name()
}

// fill makes a store of n events. A thousand orders change at a time.
func fill(t *testing.T, file string, n int) {
	t.Helper()
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.NoError(t, err)
	from := &deliveries{run: file + time.Now().String()}
	const orders = 1000
	for n > 0 {
		lives := make([][]*receiver.Event, orders)
		for i := range lives {
			for range statuses {
				lives[i] = append(lives[i], event(t, from))
			}
		}
		for step := range statuses {
			rand.Shuffle(orders, func(i, k int) { lives[i], lives[k] = lives[k], lives[i] })
			var batch []*receiver.Event
			for i := 0; i < orders && n > 0; i++ {
				batch = append(batch, lives[i][step])
				n--
			}
			_, err := l.AppendAll(context.Background(), batch)
			require.NoError(t, err)
		}
	}
	require.NoError(t, l.Close())
}

// event makes the event of the next delivery.
func event(t *testing.T, from *deliveries) *receiver.Event {
	now := time.Now()
	raw := from.body(now)
	m, err := receiver.Decode(raw)
	require.NoError(t, err)
	return &receiver.Event{ReceivedAt: now, Verdict: receiver.Verified, Secret: "0", Raw: raw, Message: m}
}
