package forward

import (
	"context"
	"sync"
	"time"
)

// pace bounds how many attempts are under way. While a target is out of reach
// one attempt at a time is made, with growing waits between: it may be many
// events that wait for it.
type pace struct {
	turns chan struct{}

	mu    sync.Mutex
	out   bool          // out of reach
	wait  time.Duration // until the next attempt
	alone chan struct{} // held by the one who tries while it is out of reach
}

func newPace(parallel int) *pace {
	return &pace{turns: make(chan struct{}, parallel), alone: make(chan struct{}, 1)}
}

// turn is the right to make an attempt; alone says that it is the only one.
type turn struct{ alone bool }

// enter waits for a turn; false: ctx ended first. Who entered leaves.
func (p *pace) enter(ctx context.Context) (t turn, ok bool) {
	select {
	case p.turns <- struct{}{}:
	case <-ctx.Done():
		return t, false
	}
	if t.alone, ok = p.probe(ctx); !ok {
		<-p.turns
	}
	return t, ok
}

// probe lets through at once where the target is in reach, else one at a time.
func (p *pace) probe(ctx context.Context) (alone, ok bool) {
	for {
		p.mu.Lock()
		out, wait := p.out, p.wait
		p.mu.Unlock()
		if !out {
			return false, true
		}
		select {
		case p.alone <- struct{}{}:
		case <-ctx.Done():
			return false, false
		}
		p.mu.Lock()
		still := p.out
		p.mu.Unlock()
		if !still {
			<-p.alone
			continue
		}
		if !sleep(ctx, jittered(wait)) {
			<-p.alone
			return false, false
		}
		return true, true
	}
}

// leave ends a turn; reached says whether there was an answer.
func (p *pace) leave(t turn, reached bool) {
	p.mu.Lock()
	was := p.out
	switch {
	case reached:
		p.out, p.wait = false, 0
	case was:
		p.wait = min(2*p.wait, longestWait)
	default:
		p.out, p.wait = true, firstWait
	}
	p.mu.Unlock()
	if t.alone {
		<-p.alone
	}
	<-p.turns
}
