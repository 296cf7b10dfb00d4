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

// inItsOwnTime runs a test with a store in a time that only passes while nobody
// has anything to do: what a delivery waits there, it waits for nothing.
func inItsOwnTime(t *testing.T, o sqlite.Options, test func(t *testing.T, l *sqlite.Log)) {
	file := filepath.Join(t.TempDir(), "events.db")
	synctest.Test(t, func(t *testing.T) {
		l, err := sqlite.Open(context.Background(), file, o)
		require.NoError(t, err)
		test(t, l)
		require.NoError(t, l.Close())
	})
}

// send has senders of one name store deliveries, each one after the other.
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
	var gate chan struct{} // the writer passes it with an event that has no time
	o := sqlite.Options{Now: func() time.Time { <-gate; return start }}
	inItsOwnTime(t, o, func(t *testing.T, l *sqlite.Log) {
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

		before := version(t, l)
		for s := range 32 {
			done.Go(func() {
				time.Sleep(time.Duration(s) * 100 * time.Microsecond)
				send(t, l, fmt.Sprint("apart-", s), 1, 1)
			})
		}
		done.Wait()
		assert.Equal(t, before+2, version(t, l), "two transactions")
	})
}

func TestALoneDeliveryIsNotKeptWaiting(t *testing.T) {
	inItsOwnTime(t, sqlite.Options{}, func(t *testing.T, l *sqlite.Log) {
		began := time.Now()
		send(t, l, "alone", 1, 50)
		assert.Zero(t, time.Since(began), "a sender alone")

		send(t, l, "many", 16, 20)
		time.Sleep(time.Second)
		began = time.Now()
		send(t, l, "later", 1, 1)
		assert.Zero(t, time.Since(began), "after many that have gone")
	})
}

func TestThoseWhoHaveGoneAreWaitedForOnce(t *testing.T) {
	inItsOwnTime(t, sqlite.Options{}, func(t *testing.T, l *sqlite.Log) {
		send(t, l, "many", 16, 20)
		began := time.Now()
		send(t, l, "left", 1, 10)
		assert.LessOrEqual(t, time.Since(began), 10*time.Millisecond)
	})
}

func version(t *testing.T, l *sqlite.Log) receiver.Version {
	t.Helper()
	v, err := l.Wait(context.Background(), 0)
	require.NoError(t, err)
	return v
}
