package forward

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

const (
	// The wait before an event is sent again grows from firstWait to longestWait. A target
	// may ask for a longer one, up to longestAsked.
	firstWait    = 500 * time.Millisecond
	longestWait  = 2 * time.Minute
	longestAsked = time.Hour
	// timeToEnd is how long an attempt may still take when the program ends. If it were
	// cut short, the event would have to be sent again.
	timeToEnd = 2 * time.Second
	// graceAtStart is the least time for which an event is tried after a start, however
	// old it is.
	graceAtStart = 10 * time.Minute
	// storeAgain is the wait after the store could not be read or written.
	storeAgain = time.Second
)

// refusedWaits are the waits before an event is sent again that the target refused for
// good: what is wrong may be the target, such as during its update. After the last one the
// event is given up.
var refusedWaits = [...]time.Duration{30 * time.Second, 2 * time.Minute}

// sender sends the events of a queue to a target, each until the target takes it or its
// time is over.
type sender struct {
	target Target
	events receiver.Reader
	store  receiver.Checkpoints
	queue  *queue
	window *window
	status *statusKeeper
	log    *slog.Logger
}

// run does what the queue says, one task after the other, until ctx ends. Several may run
// at the same time. The attempts use the context sending, which outlasts ctx.
func (s *sender) run(ctx, sending context.Context) {
	for {
		t, ok := s.queue.next(ctx)
		switch {
		case !ok:
			return
		case t.giveUp:
			s.giveUp(ctx, t, t.item.why)
		default:
			s.send(ctx, sending, t)
		}
	}
}

// send makes one attempt. Until the checkpoint is saved, the event counts as under way: so
// if the program is killed, no more events are sent twice than are sent at a time.
func (s *sender) send(ctx, sending context.Context, t task) {
	e, err := s.event(ctx, t.item)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		s.log.Error("can't read an event; trying again", "seq", t.item.seq, "error", err)
		s.queue.postpone(t, storeAgain)
		return
	case e == nil:
		s.log.Warn("an event is no longer in the store", "seq", t.item.seq)
		s.window.done(t.item.seq)
		s.queue.finish(t)
		return
	}
	err = s.target.Send(sending, e)
	switch {
	case err == nil:
		s.status.sent()
		s.queue.works()
		s.window.await(ctx, s.window.done(e.Seq))
		s.queue.finish(t)
	case sending.Err() != nil:
		// The program ends. The event is not done.
	default:
		s.failed(ctx, t, err)
	}
}

// event returns the event of an item, nil if the store no longer has it.
func (s *sender) event(ctx context.Context, it *item) (*receiver.Event, error) {
	if it.event != nil {
		return it.event, nil
	}
	events, err := s.events.Events(ctx, receiver.EventQuery{After: it.seq - 1, Before: it.seq + 1, Limit: 1})
	if err != nil || len(events) == 0 {
		return nil, err
	}
	return events[0], nil
}

// failed ends a task whose attempt failed.
func (s *sender) failed(ctx context.Context, t task, err error) {
	it := t.item
	s.queue.tried(it, err)
	s.status.failed(it.seq, it.tries, err)
	var refused Refused
	if r := (*Refused)(nil); errors.As(err, &r) {
		refused = *r
	}
	asked := min(refused.After, longestAsked)
	all := refused.All || errors.As(err, new(*Unreachable))
	wait := retry.Jitter(retry.Backoff(it.tries, firstWait, longestWait))
	if refused.Permanent {
		s.queue.works()
		wait = refusedWaits[min(it.tries, len(refusedWaits))-1]
	} else if s.queue.failed(symptom{first: it.tries == 1, probe: t.probe, all: all, after: asked}) {
		wait = 0 // the event waits until the target may be asked again
	}
	if refused.Permanent && it.tries > len(refusedWaits) || !time.Now().Before(it.deadline) {
		s.giveUp(ctx, t, err)
		return
	}
	s.queue.postpone(t, max(wait, asked))
}

// giveUp ends a task by putting its event on the list of failures.
func (s *sender) giveUp(ctx context.Context, t task, why error) {
	it := t.item
	failure := receiver.Failure{Reader: s.target.Name(), Seq: it.seq, At: time.Now(), Tries: it.tries, Reason: why.Error()}
	for {
		err := s.store.AddFailure(ctx, failure)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return
		}
		s.log.Error("can't save which event was given up; trying again", "seq", it.seq, "error", err)
		if !retry.Sleep(ctx, storeAgain) {
			return
		}
	}
	s.status.gaveUp(it.seq, it.tries, why)
	s.window.done(it.seq)
	s.queue.finish(t)
}

// deadline is when to give an event up. It counts from when it became an event, because
// restarts are no reason to try it for ever. A wrong clock does not make it later than
// giveUp from now; nor, for an event that came after a moment since, earlier than giveUp
// from that moment. since is zero if it is not known that the event came later: then it is
// tried for graceAtStart at least, because nobody tried it before the start.
func deadline(e *receiver.Event, giveUp time.Duration, since time.Time) time.Time {
	now := time.Now()
	least := min(giveUp, graceAtStart)
	switch {
	case since.IsZero():
		least = graceAtStart
	case now.Sub(e.Entered()) > now.Sub(since):
		// The first difference is that of wall clocks, the second one is time that passed.
		return since.Add(giveUp)
	}
	at, earliest, latest := e.Entered().Add(giveUp), now.Add(least), now.Add(max(giveUp, least))
	switch {
	case at.Before(earliest):
		return earliest
	case at.After(latest):
		return latest
	default:
		return at
	}
}
