package batch_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/sqlite/batch"
)

// writing is how long a batch takes to be written, whatever is in it.
const writing = 300 * time.Microsecond

// write writes batches until the queue is closed, and returns how many there were.
func write(queue <-chan *batch.Request) (batches int) {
	var b batch.Batcher
	for first := range queue {
		requests := b.Collect(nil, first, queue)
		time.Sleep(writing)
		batches++
		b.Note(len(requests), len(queue), writing)
		for _, r := range requests {
			close(r.Done)
		}
	}
	return batches
}

// Deliveries come at a steady rate, slower than they can be written one by one.
func TestSteadyDeliveriesShareBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		queue := queueOf()
		const n, interval = 2000, 500 * time.Microsecond
		var longest time.Duration
		var waiting sync.WaitGroup
		var mu sync.Mutex
		go func() {
			defer close(queue)
			for i := range n {
				r, came := request(t, 1), time.Now()
				queue <- r
				waiting.Go(func() {
					<-r.Done
					mu.Lock()
					defer mu.Unlock()
					longest = max(longest, time.Since(came))
				})
				// Not quite even: now and then two are there at once.
				time.Sleep(interval + time.Duration(i%5-2)*150*time.Microsecond)
			}
		}()
		batches := write(queue)
		waiting.Wait()
		assert.Less(t, batches, n/3)
		assert.Less(t, longest, 3*time.Millisecond)
	})
}

// Senders that each wait for an answer get almost as many answers as if nobody waited for more
// of them.
func TestSendersThatWaitAreNotSlowedDown(t *testing.T) {
	// While half of them wait for a batch, the others are answered and come again.
	for senders, most := range map[int]int{1: 2500, 2: 3333, 4: 6666} {
		synctest.Test(t, func(t *testing.T) {
			queue := queueOf()
			var sending sync.WaitGroup
			end := time.Now().Add(time.Second)
			answers := make([]int, senders)
			for i := range senders {
				sending.Go(func() {
					time.Sleep(time.Duration(i) * 7 * time.Microsecond)
					for ; time.Now().Before(end); answers[i]++ {
						r := request(t, 1)
						queue <- r
						<-r.Done
						time.Sleep(100 * time.Microsecond) // the way of an answer and of the next delivery
					}
				})
			}
			go func() {
				sending.Wait()
				close(queue)
			}()
			write(queue)
			sum := 0
			for _, n := range answers {
				sum += n
			}
			assert.InEpsilon(t, most, sum, 0.03, "%d senders", senders)
		})
	}
}
