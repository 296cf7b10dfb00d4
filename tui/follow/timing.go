package follow

import (
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

// frame is the least time between two batches: people see no more. A busy log makes larger
// batches, not more.
const frame = 16 * time.Millisecond

// A batch waits this many times as long as the one before it took to read, but not longer than
// mostPace: under load there are fewer batches, and the processors are free to answer keys.
const (
	restShare = 3
	mostPace  = 200 * time.Millisecond
)

// paceAfter is the least time from a batch to the next one, which begins to wait when the one
// before it is shown.
func paceAfter(took time.Duration) time.Duration { return max(frame, min(restShare*took, mostPace)) }

// The wait after a failed read grows from the first to the last of these.
const firstRetry, lastRetry = 500 * time.Millisecond, 8 * time.Second

// retryAfter is how long to wait after this many failures in a row.
func retryAfter(failures int) time.Duration {
	if failures == 0 {
		return 0
	}
	return retry.Backoff(failures, firstRetry, lastRetry)
}
