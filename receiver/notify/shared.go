package notify

import (
	"context"

	"github.com/up42/up42-webhooks/receiver"
)

// Shared is for a [Run] after whose end another program sends the messages. So when its context ends,
// Run sends nothing more. The functions may be called by several goroutines.
type Shared struct {
	// Done saves that all messages about events up to seq were sent. It is called with the same
	// seq or a smaller one again, which it ignores. It reports no error: if nothing can be saved,
	// it ends the context of Run.
	Done func(ctx context.Context, seq int64)
	// News reports whether messages about an event may be sent.
	News func(*receiver.Event) bool
	// Local returns the event with the sequence number that messages show.
	Local func(*receiver.Event) *receiver.Event
}

// done is Done, if s is not nil.
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

// Leaves reports whether an action sends its messages to other machines. Then one program can send
// them for several.
func Leaves(a Action) bool {
	switch a.(type) {
	case *post, *email:
		return true
	default:
		return false
	}
}

// PlaceOf returns a name for an action of a rule. It has no secrets in it, and changes only if the
// rule or the action does.
func PlaceOf(r *Rule, a Action) string { return placeName(r, a) }
