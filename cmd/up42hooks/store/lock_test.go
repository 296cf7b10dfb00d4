package store

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest"
)

func TestLock(t *testing.T) {
	store := filepath.Join(t.TempDir(), "new", "events.db")
	holder, err := HeldBy(store)
	require.NoError(t, err)
	assert.Nil(t, holder, "no lock, no holder")

	l, err := TakeLock(t.Context(), store)
	require.NoError(t, err)
	require.NoError(t, l.Tell("127.0.0.1:1", true))
	want := &Holder{PID: os.Getpid(), Address: "127.0.0.1:1", Generated: true}
	_, err = TakeLock(t.Context(), store)
	assert.Equal(t, want, err)
	holder, err = HeldBy(store)
	require.NoError(t, err)
	assert.Equal(t, want, holder)

	receivertest.Permissions(t, 0o700, filepath.Dir(store))
	receivertest.Permissions(t, 0o600, lockFile(store))

	require.NoError(t, l.Release())
	holder, err = HeldBy(store)
	require.NoError(t, err)
	assert.Nil(t, holder)
	l, err = TakeLock(t.Context(), store)
	require.NoError(t, err)
	require.NoError(t, l.Release())
}

func TestWhoIsInterruptedTakesNoLock(t *testing.T) {
	store := filepath.Join(t.TempDir(), "events.db")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := TakeLock(ctx, store)
	require.ErrorIs(t, err, context.Canceled)
	assert.NoFileExists(t, lockFile(store))
}

func TestAFileSystemWithoutLocks(t *testing.T) {
	for _, err := range []error{syscall.ENOLCK, syscall.ENOTSUP, syscall.ENOSYS} {
		assert.ErrorContains(t, lockError("events.db.lock", err), "choose a file on a local disk")
	}
}

// HeldBy must not look like a holder to other processes.
func TestLookingDoesNotLock(t *testing.T) {
	store := filepath.Join(t.TempDir(), "events.db")
	stop := make(chan struct{})
	var lookers sync.WaitGroup
	for range 2 {
		lookers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					_, err := HeldBy(store)
					assert.NoError(t, err)
				}
			}
		})
	}
	for range 20 {
		l, err := TakeLock(t.Context(), store)
		if assert.NoError(t, err) {
			assert.NoError(t, l.Release())
		}
	}
	close(stop)
	lookers.Wait()
}

// A lock that was discarded while others try to take it leaves room for one of them only.
func TestALockThatIsDiscarded(t *testing.T) {
	store := filepath.Join(t.TempDir(), "events.db")
	var held atomic.Int64
	var takers sync.WaitGroup
	for range 4 {
		takers.Go(func() {
			for range 50 {
				l, err := TakeLock(t.Context(), store)
				if err != nil {
					continue
				}
				assert.EqualValues(t, 1, held.Add(1))
				held.Add(-1)
				l.isNew = true // whether the others have left it or not
				assert.NoError(t, l.Discard())
			}
		})
	}
	takers.Wait()
}
