package rejected_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/rejected"
)

func delivery(bytes int) *receiver.Event {
	return &receiver.Event{Verdict: receiver.Rejected, Raw: []byte(strings.Repeat("x", bytes))}
}

func TestABufferWakesTheWriter(t *testing.T) {
	b := rejected.NewBuffer()
	assert.Empty(t, b.Wake)
	b.Add(delivery(1), 7)
	b.Add(delivery(1), 5)
	assert.Len(t, b.Wake, 1)
	taken := b.Take()
	assert.EqualValues(t, 2, taken.Count)
	assert.EqualValues(t, 7, taken.Arrival, "the newest arrival")
	assert.Zero(t, b.Take().Count)
}

func TestABufferIsBounded(t *testing.T) {
	b := rejected.NewBuffer()
	const n = receiver.RejectedKept + 10
	for i := range n {
		b.Add(delivery(1<<20), int64(i))
	}
	taken := b.Take()
	assert.EqualValues(t, n, taken.Count)
	assert.Len(t, taken.Records, receiver.RejectedKept)
	size := 0
	for _, r := range taken.Records {
		size += r.Size()
	}
	assert.LessOrEqual(t, size, 4<<20)
	assert.Empty(t, taken.Records[0].Body, "the oldest lose their bodies")
	assert.Len(t, taken.Records[receiver.RejectedKept-1].Body, 64<<10)
}

func TestWhatIsPutBackComesFirst(t *testing.T) {
	b := rejected.NewBuffer()
	b.Add(delivery(1), 1)
	failed := b.Take()
	b.Add(delivery(2), 2)
	b.PutBack(failed)
	taken := b.Take()
	assert.EqualValues(t, 2, taken.Count)
	assert.EqualValues(t, 2, taken.Arrival)
	assert.Len(t, taken.Records[0].Body, 1)
	assert.Len(t, taken.Records[1].Body, 2)
}
