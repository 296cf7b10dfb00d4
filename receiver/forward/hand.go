package forward

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// The wait between two attempts at an event grows from firstWait to longestWait,
// plus or minus a fifth; a target may ask for more.
const (
	firstWait   = 500 * time.Millisecond
	longestWait = 15 * time.Second
)

// hand hands an event on, as often as it takes; false: ctx ended first.
func (f *Forwarder) hand(ctx context.Context, e *receiver.Event) bool {
	began := time.Now()
	wait := firstWait
	for tries := 1; ; tries++ {
		err := f.try(ctx, e)
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		f.note(e, tries, err)
		pause := jittered(wait)
		var refused *Refused
		if errors.As(err, &refused) {
			pause = max(pause, refused.After)
		}
		if left := f.o.GiveUp - time.Since(began); pause >= left {
			if !sleep(ctx, max(0, left)) {
				return false
			}
			return f.giveUp(ctx, e, tries, err)
		}
		if !sleep(ctx, pause) {
			return false
		}
		wait = min(2*wait, longestWait)
	}
}

// try makes one attempt, when it is its turn.
func (f *Forwarder) try(ctx context.Context, e *receiver.Event) error {
	turn, ok := f.pace.enter(ctx)
	if !ok {
		return ctx.Err()
	}
	err := f.o.Target.Send(ctx, e)
	answered := err == nil || errors.As(err, new(*Refused))
	f.pace.leave(turn, answered || ctx.Err() != nil)
	if err == nil {
		f.mu.Lock()
		defer f.mu.Unlock()
		if !f.status.Failing.IsZero() {
			f.log.Info("it takes events again", "after", time.Since(f.status.Failing).Round(time.Second))
		}
		f.status.Failing, f.status.Err = time.Time{}, ""
		f.status.Sent++
		f.status.LastSent = time.Now()
	}
	return err
}

// note keeps why an event was not taken. Only the first of a run of failures is
// logged.
func (f *Forwarder) note(e *receiver.Event, tries int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.status.Failing.IsZero() {
		f.status.Failing = time.Now()
		f.log.Warn("it does not take events, which are kept and tried again", "seq", e.Seq, "tries", tries, "error", err)
	}
	f.status.Err = err.Error()
}

// giveUp puts an event onto the list of failures; false: ctx ended first.
func (f *Forwarder) giveUp(ctx context.Context, e *receiver.Event, tries int, why error) bool {
	failure := receiver.Failure{Reader: f.Name(), Seq: e.Seq, At: time.Now(), Tries: tries, Reason: why.Error()}
	for {
		err := f.o.Ledger.GiveUp(ctx, failure)
		if err == nil {
			break
		}
		f.log.Error("can't keep what was given up", "seq", e.Seq, "error", err)
		if !sleep(ctx, time.Second) {
			return false
		}
	}
	f.log.Error("gave up an event", "seq", e.Seq, "tries", tries, "error", why)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status.GivenUp++
	return true
}

func jittered(d time.Duration) time.Duration {
	return d*4/5 + time.Duration(rand.Int64N(int64(d)*2/5))
}
