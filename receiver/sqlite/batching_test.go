package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// withFakeTime runs a test with a store and a fake clock. Its time passes only while all
// goroutines wait, so a delivery that takes time has waited for others.
func withFakeTime(t *testing.T, o sqlite.Options, test func(t *testing.T, l *sqlite.Log)) {
	file := filepath.Join(t.TempDir(), "events.db")
	synctest.Test(t, func(t *testing.T) {
		l, err := sqlite.Open(context.Background(), file, o)
		require.NoError(t, err)
		defer func() { assert.NoError(t, l.Close()) }()
		test(t, l)
	})
}

// send has some senders store deliveries at the same time, each sender one after the other.
func send(t *testing.T, l *sqlite.Log, name string, senders, each int) {
	var done sync.WaitGroup
	for s := range senders {
		done.Go(func() {
			for i := range each {
				body := orderBody(fmt.Sprintf("%s-%d-%d", name, s, i), fmt.Sprintf("o-%d", s), "PLACED", start, i)
				_, err := l.Append(context.Background(), delivery(t, body, receiver.Verified))
				assert.NoError(t, err)
			}
		})
	}
	done.Wait()
}

func TestABatchWaitsForHalfOfTheSenders(t *testing.T) {
	var gate chan struct{} // the writer waits for it at an event without a time
	o := sqlite.Options{Now: func() time.Time { <-gate; return start }}
	withFakeTime(t, o, func(t *testing.T, l *sqlite.Log) {
		gate = make(chan struct{})
		var done sync.WaitGroup
		done.Go(func() {
			e := delivery(t, orderBody("held", "o", "PLACED", start, 0), receiver.Verified)
			e.ReceivedAt = time.Time{}
			_, err := l.Append(context.Background(), e)
			assert.NoError(t, err)
		})
		synctest.Wait()
		done.Go(func() { send(t, l, "together", 31, 1) })
		synctest.Wait()
		close(gate)
		done.Wait()

		const half, apart = 16, 50 * time.Microsecond
		before, began := version(t, l), time.Now()
		for s := range half {
			done.Go(func() {
				time.Sleep(time.Duration(s) * apart)
				send(t, l, fmt.Sprint("apart-", s), 1, 1)
			})
		}
		done.Wait()
		assert.Equal(t, before+1, version(t, l), "one transaction")
		assert.Equal(t, (half-1)*apart, time.Since(began), "it does not wait for the other half")
	})
}

func TestALoneDeliveryDoesNotWait(t *testing.T) {
	withFakeTime(t, sqlite.Options{}, func(t *testing.T, l *sqlite.Log) {
		began := time.Now()
		send(t, l, "alone", 1, 50)
		assert.Zero(t, time.Since(began), "a sender alone")

		send(t, l, "many", 16, 20)
		time.Sleep(time.Second)
		began = time.Now()
		send(t, l, "later", 1, 1)
		assert.Zero(t, time.Since(began), "after many senders that have left")
	})
}

func TestABatchWaitsOnceForSendersThatHaveLeft(t *testing.T) {
	for name, apart := range map[string]time.Duration{"at once": 0, "soon": 900 * time.Microsecond, "now and then": 9 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			withFakeTime(t, sqlite.Options{}, func(t *testing.T, l *sqlite.Log) {
				send(t, l, "many", 64, 10)
				var waited time.Duration
				for i := range 50 {
					time.Sleep(apart)
					began := time.Now()
					send(t, l, fmt.Sprint("left-", i), 1, 1)
					waited += time.Since(began)
				}
				assert.LessOrEqual(t, waited, 10*time.Millisecond)
			})
		})
	}
}

// Deliveries that come without waiting for each other have short waits, however many came
// at once before.
func TestSingleDeliveriesAfterABurstDoNotWaitLong(t *testing.T) {
	for _, apart := range []time.Duration{900 * time.Microsecond, 9 * time.Millisecond} {
		t.Run(apart.String(), func(t *testing.T) {
			withFakeTime(t, sqlite.Options{}, func(t *testing.T, l *sqlite.Log) {
				send(t, l, "many", 64, 1)
				var done sync.WaitGroup
				for i := range 100 {
					time.Sleep(apart)
					done.Go(func() {
						began := time.Now()
						send(t, l, fmt.Sprint("trickle-", i), 1, 1)
						assert.LessOrEqual(t, time.Since(began), 10*time.Millisecond)
					})
				}
				done.Wait()
			})
		})
	}
}

func version(t *testing.T, l *sqlite.Log) receiver.Version {
	t.Helper()
	v, err := l.Wait(context.Background(), 0)
	require.NoError(t, err)
	return v
}

// SQLite begins its log again when all of it is in the file. So it would grow forever if
// something is always written while it is copied.
func TestTheLogStaysShortUnderLoad(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{}.WithLogPages(100))
	var appending sync.WaitGroup
	for i := range 4 {
		appending.Go(func() {
			for n := range 100 {
				e := anEvent(t, fmt.Sprint(i, "-", n))
				e.Raw = make([]byte, 60<<10)
				_, err := l.Append(t.Context(), e)
				assert.NoError(t, err)
			}
		})
	}
	appending.Wait()
	assert.Less(t, sizeOf(t, l.File()+"-wal"), int64(4500<<10), "of 25 MB: it is copied at 3.3 MB at the latest")
}

// A store is closed in order at any time, also while its log is copied.
func TestClosingWhileTheLogIsCopied(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	for i := range 6 {
		l := open(t, file, sqlite.Options{}.WithLogPages(100))
		require.NoError(t, l.Damage())
		for n := range 7 + i { // the copier begins with one of these
			e := anEvent(t, fmt.Sprint(i, "-", n))
			e.Raw = make([]byte, 60<<10)
			_, err := l.Append(t.Context(), e)
			require.NoError(t, err)
		}
		require.NoError(t, l.Close())
		require.NoError(t, l.Damage())
	}
}
