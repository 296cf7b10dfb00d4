package notify

import (
	"context"

	"github.com/up42/up42-webhooks/receiver"
)

// Shared is for a [Run] after whose end another program goes on: when its context ends, it sends
// nothing more.
type Shared struct {
	// Done is told up to which event all messages are sent. It returns when that is saved, or can't
	// be; then the context of Run ends.
	Done func(ctx context.Context, seq int64)
	// News reports whether an event is to be looked at.
	News func(*receiver.Event) bool
	// Local returns an event with the number that a message has of it.
	Local func(*receiver.Event) *receiver.Event
}

// done tells up to which event all messages are sent.
func (s *Shared) done(ctx context.Context, seq int64) {
	if s != nil {
		s.Done(ctx, seq)
	}
}

func (s *Shared) isNews(e *receiver.Event) bool { return s == nil || s.News(e) }

func (s *Shared) local(e *receiver.Event) *receiver.Event {
	if s == nil {
		return e
	}
	return s.Local(e)
}

// Leaves reports whether the messages of an action go to other machines, so that one program can
// send them for several.
func Leaves(a Action) bool {
	switch a.(type) {
	case *post, *email:
		return true
	default:
		return false
	}
}

// PlaceOf names an action of a rule, without secrets. The name stays the same while their meaning
// does.
func PlaceOf(r *Rule, a Action) string { return placeName(r, a) }
