package forward

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// The wait between two attempts at an event grows from firstWait to longestWait,
// or a little less; a target may ask for more.
const (
	firstWait   = 500 * time.Millisecond
	longestWait = 15 * time.Second
)

// lastMoments is how long an attempt that is under way may still take once the program
// ends: cut short, the event would have to be sent again.
const lastMoments = 2 * time.Second

// errNoTurn: the time for an event is over before it was its turn again.
var errNoTurn = errors.New("the target took nothing all the time")

// hand hands an event on, as often as it takes; false: ctx ended first. Attempts
// are made with sending, which outlasts ctx.
func (f *Forwarder) hand(ctx, sending context.Context, it item) bool {
	late := it.deadline(f.o.GiveUp)
	wait := firstWait
	var why error
	for tries := 0; ; {
		err := f.try(ctx, sending, it, tries, late)
		switch {
		case err == nil:
			return true
		case ctx.Err() != nil:
			return false
		case errors.Is(err, errNoTurn):
			return f.giveUp(ctx, it.Event, tries, cmp.Or(why, err))
		}
		tries++
		why = err
		f.note(it.Event, tries, err)
		pause := jittered(wait)
		var refused *Refused
		if errors.As(err, &refused) {
			pause = max(pause, refused.After)
		}
		if left := time.Until(late); pause >= left {
			return sleep(ctx, max(0, left)) && f.giveUp(ctx, it.Event, tries, err)
		}
		if !sleep(ctx, pause) {
			return false
		}
		wait = min(2*wait, longestWait)
	}
}

// graceAtStart is how long an event is tried at least after a start, however old
// it is.
const graceAtStart = 10 * time.Minute

// deadline is when an event is given up: so long after it was received, as
// restarts in between are no reason to try it for ever. A clock that was wrong
// then makes it no longer.
func (it item) deadline(giveUp time.Duration) time.Time {
	late, least, most := it.ReceivedAt.Add(giveUp), it.since.Add(min(giveUp, graceAtStart)), it.since.Add(giveUp)
	switch {
	case late.Before(least):
		return least
	case late.After(most):
		return most
	default:
		return late
	}
}

// try makes one attempt, when it is its turn. One that was never tried has some
// time for that, even if it is late.
func (f *Forwarder) try(ctx, sending context.Context, it item, tries int, late time.Time) error {
	kind := again
	if tries == 0 {
		kind = first
		if soon := time.Now().Add(longestWait); late.Before(soon) {
			late = soon
		}
	}
	waiting, cancel := context.WithDeadline(ctx, late)
	turn, ok := f.pace.enter(waiting, kind)
	cancel()
	if !ok {
		return cmp.Or(ctx.Err(), errNoTurn)
	}
	err := f.o.Target.Send(sending, it.Event)
	if err != nil && sending.Err() != nil {
		f.pace.cancel(turn)
		return err
	}
	f.pace.leave(turn, err)
	if err == nil {
		f.taken()
	}
	return err
}

// taken notes that an event was taken.
func (f *Forwarder) taken() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.status.Failing.IsZero() {
		f.log.Info("it takes events again", "after", time.Since(f.status.Failing).Round(time.Second))
	}
	f.status.Failing, f.status.Err = time.Time{}, ""
	f.status.Sent++
	f.status.LastSent = time.Now()
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
		err := f.o.Ledger.AddFailure(ctx, failure)
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

// jittered is a wait of up to two fifths less, so that not all wait alike.
func jittered(d time.Duration) time.Duration {
	return d*3/5 + time.Duration(rand.Int64N(max(1, int64(d)*2/5)))
}

// outlasting is a context that ends some time after ctx.
func outlasting(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(by, cancel) })
	return longer, func() {
		stop()
		cancel()
	}
}
