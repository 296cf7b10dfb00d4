// Package admission judges rejected deliveries again after the owner has mended the
// configuration, and admits those that are good then.
//
// A wrong secret makes the receiver reject genuine deliveries. They are kept with body and
// headers, so the right secret can still prove them. They are judged by the current policy
// and as of their arrival: what was stale or altered when it came stays rejected.
package admission

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// Log is the log that deliveries are admitted into.
type Log interface {
	receiver.Reader
	receiver.Admissions
}

// Options are what an Admitter needs. All are required but Logger.
type Options struct {
	Log Log
	// Judge judges a rejected delivery again. It is a receiver.Handler.JudgeAgain.
	Judge func(*receiver.Event) (*receiver.Event, error)
	// Now is the clock.
	Now func() time.Time
	// Logger gets what the owner should know. It may be nil.
	Logger *slog.Logger
}

// Admitter knows which of the rejected deliveries are good now, and admits them. It is
// safe for concurrent use.
type Admitter struct {
	o    Options
	wake chan struct{}

	admitting sync.Mutex // held while deliveries are admitted

	mu   sync.Mutex
	good map[int64]bool // by number
	err  error          // why good is not known
}

// errNotYet is the error before the first look.
var errNotYet = errors.New("the rejected deliveries are being judged, try again in a moment")

// New makes an Admitter. It judges nothing before Run.
func New(o Options) *Admitter {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Admitter{o: o, wake: make(chan struct{}, 1), good: map[int64]bool{}, err: errNotYet}
}

// PolicyChanged says that the policy or the secrets have changed.
func (a *Admitter) PolicyChanged() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// Good returns the numbers of the rejected deliveries that are good now, oldest first. It
// is quick.
func (a *Admitter) Good() []int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Sorted(maps.Keys(a.good))
}

// Err says why it is not known which deliveries are good. It is nil if Good returns all. It
// is quick.
func (a *Admitter) Err() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.err
}

const (
	// settle is how long a change waits for others, and for rejected deliveries that are
	// not written yet.
	settle = 200 * time.Millisecond
	// again is when a change is followed by a second look, for deliveries that were judged
	// by the policy before, and were written late.
	again = 2 * time.Second
	// lookEvery is how often deliveries that are offered are looked at: newer rejected ones
	// may have taken their place.
	lookEvery = 30 * time.Second
)

// Run judges the rejected deliveries at its start, and after each change of the policy. It
// ends with ctx.
func (a *Admitter) Run(ctx context.Context) error {
	next := time.NewTimer(0)
	defer next.Stop()
	for late := true; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-a.wake:
			late = true
			if !retry.Sleep(ctx, settle) {
				return nil
			}
		case <-next.C:
		}
		err := a.look(ctx)
		if err != nil && ctx.Err() == nil {
			a.o.Logger.Warn("can't judge the rejected deliveries again", "error", err)
		}
		switch {
		case late:
			next.Reset(again)
			late = false
		case err != nil, len(a.Good()) > 0:
			next.Reset(lookEvery)
		default:
			next.Stop()
		}
	}
}

// look judges all rejected deliveries that are kept.
func (a *Admitter) look(ctx context.Context) error {
	good := map[int64]bool{}
	err := a.each(ctx, func(e *receiver.Event) error {
		if _, reason := a.o.Judge(e); reason == nil {
			good[e.Seq] = true
		}
		return nil
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err = err; err != nil {
		return err
	}
	more := len(good) > len(a.good)
	a.good = good
	if more {
		a.o.Logger.Info("rejected deliveries are good by the current secrets", "deliveries", len(good), "advice", "to admit them: up42hooks events admit --all")
	}
	return nil
}

const (
	// page is how many deliveries are in memory at a time, each with up to 64 KiB of its body.
	page = 16
	// rest is the pause between two pages, so that the deliveries that come in meanwhile have
	// the processor.
	rest = 5 * time.Millisecond
)

// each calls f with each rejected delivery that is kept, oldest first.
func (a *Admitter) each(ctx context.Context, f func(*receiver.Event) error) error {
	for after := int64(0); ; {
		events, err := a.o.Log.Events(ctx, receiver.EventQuery{After: after, Limit: page, Oldest: true, Rejected: true})
		if err != nil {
			return fmt.Errorf("read the rejected deliveries: %w", err)
		}
		if len(events) == 0 {
			return nil
		}
		for _, e := range events {
			after = e.Seq
			if err := f(e); err != nil {
				return err
			}
		}
		if !retry.Sleep(ctx, rest) {
			return ctx.Err()
		}
	}
}
