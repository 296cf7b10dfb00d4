package batch_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/batch"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

func request(t *testing.T, bodies ...int) *batch.Request {
	t.Helper()
	var events []*receiver.Event
	for _, n := range bodies {
		events = append(events, &receiver.Event{Verdict: receiver.Verified, Raw: make([]byte, n)})
	}
	r, err := batch.NewRequest(events...)
	require.NoError(t, err)
	return r
}

func queueOf(requests ...*batch.Request) chan *batch.Request {
	queue := make(chan *batch.Request, 100)
	for _, r := range requests {
		queue <- r
	}
	return queue
}

func TestARejectedDeliveryIsNotARequest(t *testing.T) {
	_, err := batch.NewRequest(&receiver.Event{Verdict: receiver.Rejected})
	require.Error(t, err)
}

func TestAChangeHasNoEvents(t *testing.T) {
	called := false
	r := batch.NewChange(func(*conn.Conn) error { called = true; return nil })
	assert.Empty(t, r.Entries)
	require.NoError(t, r.Change(nil))
	assert.True(t, called)
}

func TestABatchTakesWhatIsQueued(t *testing.T) {
	var b batch.Batcher
	first, second, third := request(t, 1), request(t, 1), request(t, 1)
	assert.Equal(t, []*batch.Request{first, second, third}, b.Collect(nil, first, queueOf(second, third)))
}

func TestABatchIsBounded(t *testing.T) {
	many := make([]int, 600)
	for name, c := range map[string]struct {
		queued []*batch.Request
		want   int
	}{
		"by its events": {[]*batch.Request{request(t, many...), request(t, many...), request(t, 1)}, 2},
		"by its bytes":  {[]*batch.Request{request(t, batch.MaxBytes), request(t, 1)}, 1},
		"one larger":    {[]*batch.Request{request(t, 2*batch.MaxBytes), request(t, 1)}, 1},
		"not full":      {[]*batch.Request{request(t, 10), request(t, 10), request(t, 10)}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			var b batch.Batcher
			queue := queueOf(c.queued[1:]...)
			assert.Len(t, b.Collect(nil, c.queued[0], queue), c.want)
			assert.Len(t, queue, len(c.queued)-c.want)
		})
	}
}

func TestAClosedQueueEndsABatch(t *testing.T) {
	var b batch.Batcher
	b.Note(10, 10, time.Millisecond)
	queue := queueOf(request(t, 1))
	close(queue)
	assert.Len(t, b.Collect(nil, request(t, 1), queue), 2)
}

// Senders were seen at once. The next batch waits for half of them, or as long as its
// patience lasts.
func TestABatchWaits(t *testing.T) {
	for name, c := range map[string]struct {
		senders, come int
		apart         time.Duration
		want          int
		waited        time.Duration
	}{
		"half of them come":    {20, 9, 10 * time.Microsecond, 10, 90 * time.Microsecond},
		"all of them come":     {20, 19, 10 * time.Microsecond, 10, 90 * time.Microsecond},
		"few of them come":     {20, 3, 10 * time.Microsecond, 4, 2 * time.Millisecond},
		"none of them comes":   {20, 0, 0, 1, 2 * time.Millisecond},
		"a lone sender":        {1, 0, 0, 1, 0},
		"two senders, one":     {3, 0, 0, 1, 0},
		"many, and none comes": {200, 0, 0, 1, time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var b batch.Batcher
				for range 30 { // until the average of the time is there
					b.Note(1, c.senders-1, time.Millisecond)
				}
				queue := queueOf()
				var sending sync.WaitGroup
				defer sending.Wait()
				sending.Go(func() {
					for range c.come {
						time.Sleep(c.apart)
						queue <- request(t, 1)
					}
				})
				began := time.Now()
				assert.Len(t, b.Collect(nil, request(t, 1), queue), c.want)
				assert.InDelta(t, c.waited, time.Since(began), float64(100*time.Microsecond))
			})
		})
	}
}

func TestSendersThatDoNotComeAreForgotten(t *testing.T) {
	for _, senders := range []int{20, 200} {
		t.Run(fmt.Sprint(senders), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var b batch.Batcher
				b.Note(senders, 0, time.Millisecond)
				b.Collect(nil, request(t, 1), queueOf())
				b.Note(1, 0, time.Millisecond)
				began := time.Now()
				b.Collect(nil, request(t, 1), queueOf())
				assert.Zero(t, time.Since(began))
			})
		})
	}
}

func TestABatchDoesNotWaitAfterASilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b batch.Batcher
		b.Note(20, 0, time.Millisecond)
		time.Sleep(time.Second)
		began := time.Now()
		b.Collect(nil, request(t, 1), queueOf())
		assert.Zero(t, time.Since(began))
	})
}
