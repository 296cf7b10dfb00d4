package forward

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
)

// Events that wait take no more memory than a forwarder may use, besides one.
func TestEventsThatWaitAreBounded(t *testing.T) {
	for size, most := range map[int]int{10_000: 9, 40_000: 2, 200_000: 1} {
		q, n := newQueue(8, 100_000), 0
		for n < 100 && q.add(&receiver.Event{Seq: int64(n + 1), Raw: fmt.Append(make([]byte, size), n)}, time.Time{}) {
			n++
		}
		assert.Equal(t, most, n, "events of %d bytes", size)
	}
}

// Those that were sent do not count.
func TestMoreEventsAreSentThanMayWait(t *testing.T) {
	q := newQueue(1, DefaultMemory)
	for n := range int64(maxOpen + 1) {
		if !q.add(&receiver.Event{Seq: n + 1}, time.Time{}) {
			t.Fatalf("no room for event %d", n+1)
		}
		task, _ := q.next(t.Context())
		q.finish(task)
	}
}
