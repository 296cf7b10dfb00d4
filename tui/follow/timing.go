package follow

import (
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

// frame is the least time between two batches: people see no more. A busy log so
// makes larger batches, not more.
const frame = 16 * time.Millisecond

// The wait after a failed read grows from the first to the last of these.
const firstRetry, lastRetry = 500 * time.Millisecond, 8 * time.Second

// retryAfter is how long to wait after this many failures in a row.
func retryAfter(failures int) time.Duration {
	if failures == 0 {
		return 0
	}
	return retry.Backoff(failures, firstRetry, lastRetry)
}
