package rejected_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/rejected"
)

func delivery(bytes int) *receiver.Event {
	return &receiver.Event{Verdict: receiver.Rejected, Raw: []byte(strings.Repeat("x", bytes))}
}

func TestABufferWakesTheWriter(t *testing.T) {
	b := rejected.NewBuffer(512 << 10)
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
	b := rejected.NewBuffer(512 << 10)
	const n = receiver.RejectedKept + 10
	for i := range n {
		b.Add(delivery(65<<10), int64(i))
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

// In a flood of deliveries with large headers, the oldest lose their headers and are kept.
func TestHeadersAreBounded(t *testing.T) {
	b := rejected.NewBuffer(512 << 10)
	long := []receiver.Header{{Name: "X-Long", Value: strings.Repeat("x", 30<<10)}}
	for i := range receiver.RejectedKept + 10 {
		e := delivery(2)
		e.Reason, e.Headers = "signature-mismatch", long
		e.Proof = receiver.Proof{Method: "POST", Remote: "127.0.0.1:1", Components: []string{"date"}}
		b.Add(e, int64(i))
	}
	taken := b.Take()
	require.Len(t, taken.Records, receiver.RejectedKept)
	size, short := 0, 0
	for i := range taken.Records {
		size += taken.Records[i].Size()
		e, err := taken.Records[i].Event()
		require.NoError(t, err)
		require.EqualValues(t, "signature-mismatch", e.Reason)
		require.Equal(t, "127.0.0.1:1", e.Proof.Remote)
		if len(e.Headers) == 0 {
			short++
			require.Equal(t, i+1, short, "the oldest are short")
		}
	}
	assert.LessOrEqual(t, size, 4<<20)
	assert.NotZero(t, short)
	assert.Less(t, short, receiver.RejectedKept)
}

func TestWhatIsPutBackComesFirst(t *testing.T) {
	b := rejected.NewBuffer(512 << 10)
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
