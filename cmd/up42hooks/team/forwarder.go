package team

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/jetstream"
)

// Forwarder forwards the events of a team to a target while it is this member's turn. It is safe for
// concurrent use.
type Forwarder struct {
	o    forward.Options
	team *jetstream.Team
	duty *jetstream.Shared

	mu     sync.Mutex
	before forward.Status     // of the turns that are over
	now    *forward.Forwarder // nil: it is another member's turn
}

// NewForwarder adds the duty to forward to a target. The log of the options is that of the own
// store, which has a checkpoint for the target already.
func NewForwarder(ctx context.Context, t *jetstream.Team, o forward.Options, forwarded *Forwarded) (*Forwarder, error) {
	name := o.Target.Name()
	if _, err := forwarded.load(ctx, o.Checkpoints, name); err != nil {
		return nil, fmt.Errorf("forward to %s: %w", name, err)
	}
	f := &Forwarder{o: o, team: t}
	f.duty = t.Share(jetstream.Duty{
		Name: name,
		Before: func(ctx context.Context) (receiver.Checkpoint, error) {
			return forwarded.load(ctx, o.Checkpoints, name)
		},
		Reached: func(ctx context.Context, seq int64) error { return forwarded.reached(ctx, o.Checkpoints, name, seq) },
		Do:      f.turn,
	})
	return f, nil
}

// turn forwards events until ctx ends.
func (f *Forwarder) turn(ctx context.Context, t *jetstream.Turn) error {
	o := f.o
	o.Log, o.Checkpoints, o.Target = t, t, guarded{f.o.Target, t}
	o.Wanted = func(e *receiver.Event) bool { return t.IsNews(e) && (f.o.Wanted == nil || f.o.Wanted(e)) }
	now := forward.New(o)
	f.mu.Lock()
	f.now = now
	f.mu.Unlock()
	defer f.ended(now)
	return now.Run(ctx)
}

func (f *Forwarder) ended(now *forward.Forwarder) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := now.Status()
	f.before.Sent, f.before.GivenUp = f.before.Sent+s.Sent, f.before.GivenUp+s.GivenUp
	if !s.LastSent.IsZero() {
		f.before.LastSent = s.LastSent
	}
	f.now = nil
}

// Status returns the state of the target and of the duty. The numbers of the target's checkpoint are
// those of the stream.
func (f *Forwarder) Status() (forward.Status, jetstream.DutyStatus) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, duty := f.before, f.duty.Status()
	if f.now != nil {
		n := f.now.Status()
		n.Sent, n.GivenUp = n.Sent+s.Sent, n.GivenUp+s.GivenUp
		if n.LastSent.IsZero() {
			n.LastSent = s.LastSent
		}
		s = n
	}
	s.Cursor, s.Ahead = duty.Cursor, duty.Ahead
	return s, duty
}

// Away says since when this member could not forward if it were its turn, and why. It is zero if it
// could.
func (f *Forwarder) Away() (since time.Time, why string) {
	duty, team := f.duty.Status(), f.team.Status()
	switch {
	case duty.Err != "":
		return duty.Failing, duty.Err
	case !team.Failing.IsZero():
		return team.Failing, "this member forwards nothing now: " + team.Err
	default:
		return time.Time{}, ""
	}
}

// guarded is a target that gets events only while it is this member's turn.
type guarded struct {
	forward.Target
	turn *jetstream.Turn
}

// Send implements forward.Target. The event has the number of the own store for the target.
func (g guarded) Send(ctx context.Context, e *receiver.Event) error {
	if err := g.turn.Check(); err != nil {
		<-ctx.Done() // it ends with the turn
		return err
	}
	return g.Target.Send(ctx, g.turn.Local(e))
}

// Advice implements forward.Adviser.
func (g guarded) Advice() string { return forward.AdviceOf(g.Target) }
