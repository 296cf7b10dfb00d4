package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

const (
	// attemptTimeout bounds one attempt, also if its answer does not end.
	attemptTimeout = 90 * time.Second
	// maxTries bounds the attempts of one call, maxWaiting the sum of the waits between
	// them.
	maxTries   = 4
	maxWaiting = time.Minute
	// firstWait and longestWait are the waits that UP42 does not set.
	firstWait   = 300 * time.Millisecond
	longestWait = 5 * time.Second
)

// final is an error that another attempt can't change.
type final struct{ error }

func (f final) Unwrap() error { return f.error }

// persist makes attempts until one succeeds or another one can't succeed. It does not wait if
// ctx ends before the wait does. lost is true if an attempt before the last one may have been
// carried out although it failed.
func persist(ctx context.Context, once bool, attempt func() error) (lost bool, err error) {
	left := maxWaiting
	for tries := 1; ; tries++ {
		if err = attempt(); err == nil {
			return lost, nil
		}
		var f final
		if errors.As(err, &f) {
			return lost, f.error
		}
		wait, hopeful := worthIt(err, once)
		wait = max(wait, retry.Jitter(retry.Backoff(tries, firstWait, longestWait)))
		if left -= wait; !hopeful || tries == maxTries || left < 0 || ctx.Err() != nil || late(ctx, wait) {
			return lost, err
		}
		lost = lost || MayBeDone(err)
		if !retry.Sleep(ctx, wait) {
			return lost, fmt.Errorf("%w (gave up waiting to try again: %w)", err, context.Cause(ctx))
		}
	}
}

// late reports whether ctx ends before a wait does.
func late(ctx context.Context, wait time.Duration) bool {
	end, ok := ctx.Deadline()
	return ok && time.Until(end) <= wait
}

// worthIt reports whether another attempt may succeed, and returns the least wait before it.
// once means that the call must not be repeated.
func worthIt(err error, once bool) (wait time.Duration, hopeful bool) {
	var refused *Error
	switch {
	case !errors.As(err, &refused):
		// It may have been carried out. A call that took too long would do so again.
		return 0, !once && !misled(err) && !errors.Is(err, errAnswer) && !timedOut(err)
	case refused.Status == http.StatusTooManyRequests:
		return refused.RetryAfter, true // it was not carried out
	default:
		return refused.RetryAfter, (refused.Status/100 == 5 || refused.Status == http.StatusRequestTimeout) && !once
	}
}
