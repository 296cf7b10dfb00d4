package forward

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

const (
	// timeToEnd is how long an attempt may still take when the program ends. If it were
	// cut short, the event would have to be sent again.
	timeToEnd = 2 * time.Second
	// graceAtStart is the least time for which an event is tried after a start, however
	// old it is.
	graceAtStart = 10 * time.Minute
	// failureAgain is the wait before a failure that could not be saved is saved again.
	failureAgain = time.Second
)

// errNoTurn is the error of an event whose time is over before it could be sent again.
var errNoTurn = errors.New("the target took no event in all this time")

// sender sends events to a target, each until the target takes it or its time is over.
type sender struct {
	target  Target
	giveUp  time.Duration
	store   receiver.Checkpoints
	limiter *limiter
	status  *statusKeeper
	log     *slog.Logger
}

// deliver sends an event as often as it takes. It returns false if ctx ended first. The
// attempts use the context sending, which outlasts ctx.
func (s *sender) deliver(ctx, sending context.Context, it item) bool {
	deadline := it.deadline(s.giveUp)
	var why error
	for tries := 0; ; {
		err := s.try(ctx, sending, it, tries, deadline)
		switch {
		case err == nil:
			return true
		case ctx.Err() != nil:
			return false
		case errors.Is(err, errNoTurn):
			return s.giveUpOn(ctx, it.Event, tries, cmp.Or(why, err))
		}
		tries++
		why = err
		s.status.failed(it.Event, tries, err)
		wait := retry.Jitter(retry.Backoff(tries, firstWait, longestWait))
		var refused *Refused
		if errors.As(err, &refused) {
			wait = max(wait, refused.After)
		}
		if left := time.Until(deadline); wait >= left {
			return retry.Sleep(ctx, max(0, left)) && s.giveUpOn(ctx, it.Event, tries, err)
		}
		if !retry.Sleep(ctx, wait) {
			return false
		}
	}
}

// deadline is when to give an event up. It counts from the event's arrival, because
// restarts are no reason to try it for ever. A wrong clock at the arrival does not make it
// later than giveUp from now.
func (it item) deadline(giveUp time.Duration) time.Time {
	deadline, earliest, latest := it.ReceivedAt.Add(giveUp), it.since.Add(min(giveUp, graceAtStart)), it.since.Add(giveUp)
	switch {
	case deadline.Before(earliest):
		return earliest
	case deadline.After(latest):
		return latest
	default:
		return deadline
	}
}

// try makes one attempt as soon as the limiter allows. An event that was never tried gets
// some time for that even after its deadline.
func (s *sender) try(ctx, sending context.Context, it item, tries int, deadline time.Time) error {
	a := repeated
	if tries == 0 {
		a = first
		if soon := time.Now().Add(longestWait); deadline.Before(soon) {
			deadline = soon
		}
	}
	waiting, cancel := context.WithDeadline(ctx, deadline)
	slot, ok := s.limiter.enter(waiting, a)
	cancel()
	if !ok {
		return cmp.Or(ctx.Err(), errNoTurn)
	}
	err := s.target.Send(sending, it.Event)
	if err != nil && sending.Err() != nil {
		s.limiter.cancel(slot)
		return err
	}
	s.limiter.leave(slot, err)
	if err == nil {
		s.status.sent()
	}
	return err
}

// giveUpOn puts an event on the list of failures. It returns false if ctx ended first.
func (s *sender) giveUpOn(ctx context.Context, e *receiver.Event, tries int, why error) bool {
	failure := receiver.Failure{Reader: s.target.Name(), Seq: e.Seq, At: time.Now(), Tries: tries, Reason: why.Error()}
	for {
		err := s.store.AddFailure(ctx, failure)
		if err == nil {
			break
		}
		s.log.Error("can't save which event was given up; trying again", "seq", e.Seq, "error", err)
		if !retry.Sleep(ctx, failureAgain) {
			return false
		}
	}
	s.status.gaveUp(e, tries, why)
	return true
}
