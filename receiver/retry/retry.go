// Package retry has what parts share that wait or try again: pauses, the time between
// attempts, and the time to finish when the program ends.
package retry

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Sleep waits for d. It returns false at once when ctx ends, or if ctx has ended already.
func Sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 || ctx.Err() != nil {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Backoff returns the wait after a number of failures in a row, which is at least 1. It
// is first after one failure, doubles with each further one, and is never more than
// longest.
func Backoff(failures int, first, longest time.Duration) time.Duration {
	wait := first
	for ; failures > 1 && wait < longest; failures-- {
		wait *= 2
	}
	return min(wait, longest)
}

// Jitter returns d or up to two fifths less, at random, so that those who failed at the
// same time don't try again at the same time.
func Jitter(d time.Duration) time.Duration {
	return d*3/5 + rand.N(max(1, d*2/5))
}

// After reads the header Retry-After: seconds or a date (RFC 9110, section 10.2.3). A date
// counts from the header Date, if there is one, because the sender's clock may be wrong. It
// returns 0 if the header is missing, malformed or in the past, and at most 30 days.
func After(h http.Header) time.Duration {
	const longest = 30 * 24 * time.Hour
	v := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.Atoi(v); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(max(n, 0), int(longest/time.Second))) * time.Second
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(0, at.Sub(now)), longest)
}

// Outlast returns a context that ends some time after ctx, or when the returned function
// is called. Call it in any case.
func Outlast(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(by, cancel) })
	return longer, func() {
		stop()
		cancel()
	}
}
