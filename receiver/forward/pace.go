package forward

import (
	"context"
	"errors"
	"sync"
	"time"
)

// pace bounds how many attempts are under way, and holds them back while the
// target is out of reach, however many events wait for it: then one that failed
// before is tried at a time, with growing waits between, and one that was never
// tried, a moment after it came. So one event that the target hangs on does not
// keep others from it.
type pace struct {
	turns chan struct{}
	alone [2]chan struct{} // held by who tries while it is out of reach, by kind

	mu    sync.Mutex
	back  chan struct{} // closed once it is in reach again; nil: it is in reach
	wait  time.Duration // until what failed before is tried next
	tried time.Time     // the end of the last attempt at what failed before
	until time.Time     // the target asked to be left alone until then
}

// The kinds of attempts.
const (
	again = iota
	first
)

func newPace(parallel int) *pace {
	return &pace{
		turns: make(chan struct{}, parallel),
		alone: [2]chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)},
	}
}

// turn is the right to make an attempt; probe says that the target is out of
// reach.
type turn struct {
	kind  int
	probe bool
}

// enter waits for a turn; false: ctx ended first. Who entered leaves.
func (p *pace) enter(ctx context.Context, kind int) (t turn, ok bool) {
	for t.kind = kind; ; {
		if t.probe, ok = p.pass(ctx, kind); !ok {
			return t, false
		}
		select {
		case p.turns <- struct{}{}:
		case <-ctx.Done():
			p.release(t)
			return t, false
		}
		if p.stands(t) {
			return t, true
		}
		p.cancel(t)
	}
}

// stands says whether a turn still may be taken: while it was waited for, the
// target may have gone out of reach, or have asked to be left alone.
func (p *pace) stands(t turn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return (t.probe || p.back == nil) && time.Until(p.until) <= 0
}

// pass lets through at once where the target is in reach, else one at a time
// after a wait, which probe says.
func (p *pace) pass(ctx context.Context, kind int) (probe, ok bool) {
	for p.rest(ctx) {
		back, _ := p.state(kind)
		if back == nil {
			return false, true
		}
		select {
		case p.alone[kind] <- struct{}{}:
		case <-back:
			continue
		case <-ctx.Done():
			return false, false
		}
		if p.sleep(ctx, kind) {
			return true, true
		}
		<-p.alone[kind]
	}
	return false, false
}

// sleep waits before an attempt at a target that is out of reach; false: it is
// not any more, or ctx ended.
func (p *pace) sleep(ctx context.Context, kind int) bool {
	back, wait := p.state(kind)
	if back == nil {
		return false
	}
	wait = jittered(wait)
	if kind == again { // who comes late has waited already
		p.mu.Lock()
		wait -= time.Since(p.tried)
		p.mu.Unlock()
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

// rest waits for as long as the target asked for; false: ctx ended first.
func (p *pace) rest(ctx context.Context) bool {
	for ctx.Err() == nil {
		p.mu.Lock()
		left := time.Until(p.until)
		p.mu.Unlock()
		if left <= 0 {
			return true
		}
		sleep(ctx, left)
	}
	return false
}

func (p *pace) state(kind int) (back chan struct{}, wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if kind == first {
		return p.back, firstWait
	}
	return p.back, p.wait
}

// leave ends a turn with what the attempt came to.
func (p *pace) leave(t turn, err error) {
	var refused *Refused
	p.mu.Lock()
	switch {
	case err == nil, errors.As(err, &refused):
		if p.back != nil {
			close(p.back)
		}
		p.back = nil
	case p.back == nil:
		p.back, p.wait = make(chan struct{}), firstWait
	case t.kind == again:
		p.wait = min(2*p.wait, longestWait)
	}
	p.tried = time.Now()
	if refused != nil && refused.All {
		if until := p.tried.Add(refused.After); until.After(p.until) {
			p.until = until // another answer may have asked for more
		}
	}
	p.mu.Unlock()
	p.release(t)
	<-p.turns
}

// cancel ends a turn without an attempt, or whose attempt was cut short by us.
func (p *pace) cancel(t turn) {
	p.release(t)
	<-p.turns
}

func (p *pace) release(t turn) {
	if t.probe {
		<-p.alone[t.kind]
	}
}
