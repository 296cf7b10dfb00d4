package forward

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

// The wait between two attempts grows from firstWait to longestWait. A target may ask for
// a longer one.
const (
	firstWait   = 500 * time.Millisecond
	longestWait = 15 * time.Second
)

// limiter bounds the number of concurrent attempts. While the target is out of reach, it
// allows only two at a time, however many events wait: one for an event that failed
// before, with growing waits between, and one for an event that was never tried, a moment
// after it came. So a single event on which the target hangs does not block the others.
type limiter struct {
	slots  chan struct{}
	probes [2]chan struct{} // the slots while the target is out of reach, by attempt

	mu       sync.Mutex
	back     chan struct{} // closed when the target is in reach again; nil if it is in reach
	failures int           // repeated attempts in a row that found it out of reach
	tried    time.Time     // the end of the last attempt
	until    time.Time     // until when the target asked to be left alone
}

// attempt says whether an event was tried before.
type attempt int

const (
	repeated attempt = iota
	first
)

// slot is the right to make an attempt.
type slot struct {
	attempt attempt
	probe   bool // the target is out of reach
}

func newLimiter(parallel int) *limiter {
	return &limiter{
		slots:  make(chan struct{}, parallel),
		probes: [2]chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)},
	}
}

// enter waits for a slot. It returns false if ctx ended. Otherwise the caller must call
// leave or cancel.
func (l *limiter) enter(ctx context.Context, a attempt) (s slot, ok bool) {
	for s.attempt = a; ; {
		if s.probe, ok = l.pass(ctx, a); !ok {
			return s, false
		}
		select {
		case l.slots <- struct{}{}:
		case <-ctx.Done():
			l.release(s)
			return s, false
		}
		if l.valid(s) {
			return s, true
		}
		l.cancel(s)
	}
}

// valid reports whether a slot may still be used: while it was waited for, the target may
// have gone out of reach, or have asked to be left alone.
func (l *limiter) valid(s slot) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return (s.probe || l.back == nil) && time.Until(l.until) <= 0
}

// pass returns at once if the target is in reach. If it is not, pass waits, lets one
// caller at a time through, and sets probe.
func (l *limiter) pass(ctx context.Context, a attempt) (probe, ok bool) {
	for l.rest(ctx) {
		back, _ := l.outOfReach(a)
		if back == nil {
			return false, true
		}
		select {
		case l.probes[a] <- struct{}{}:
		case <-back:
			continue
		case <-ctx.Done():
			return false, false
		}
		if l.sleep(ctx, a) {
			return true, true
		}
		<-l.probes[a]
	}
	return false, false
}

// sleep waits before an attempt at a target that is out of reach. It returns false if the
// target is in reach again, or ctx ended.
func (l *limiter) sleep(ctx context.Context, a attempt) bool {
	back, wait := l.outOfReach(a)
	if back == nil {
		return false
	}
	timer := time.NewTimer(max(0, wait))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-back:
		return false
	case <-ctx.Done():
		return false
	}
}

// rest waits for as long as the target asked to be left alone. It returns false if ctx
// ended.
func (l *limiter) rest(ctx context.Context) bool {
	for ctx.Err() == nil {
		l.mu.Lock()
		left := time.Until(l.until)
		l.mu.Unlock()
		if left <= 0 {
			return true
		}
		retry.Sleep(ctx, left)
	}
	return false
}

// outOfReach returns a channel that is closed when the target is in reach again, nil if it
// is in reach, and the wait until the next attempt. For a repeated attempt the wait counts
// from the last one.
func (l *limiter) outOfReach(a attempt) (back chan struct{}, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a == first {
		return l.back, retry.Jitter(firstWait)
	}
	return l.back, retry.Jitter(retry.Backoff(l.failures, firstWait, longestWait)) - time.Since(l.tried)
}

// leave gives the slot back after an attempt, with its result.
func (l *limiter) leave(s slot, err error) {
	var refused *Refused
	l.mu.Lock()
	switch {
	case err == nil, errors.As(err, &refused):
		if l.back != nil {
			close(l.back)
		}
		l.back = nil
	case l.back == nil:
		l.back, l.failures = make(chan struct{}), 1
	case s.attempt == repeated:
		l.failures++
	}
	l.tried = time.Now()
	if refused != nil && refused.All {
		if until := l.tried.Add(refused.After); until.After(l.until) {
			l.until = until // another answer may have asked for more
		}
	}
	l.mu.Unlock()
	l.cancel(s)
}

// cancel gives the slot back without an attempt, or after one that was cut short because
// the program ends.
func (l *limiter) cancel(s slot) {
	l.release(s)
	<-l.slots
}

func (l *limiter) release(s slot) {
	if s.probe {
		<-l.probes[s.attempt]
	}
}
