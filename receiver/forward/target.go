package forward

import (
	"context"
	"io"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// DefaultTimeout is how long a target may take for one event.
const DefaultTimeout = 15 * time.Second

// Target takes events. It is safe for concurrent use.
type Target interface {
	// Name identifies the target in the store. A target with another name starts
	// without a checkpoint. It holds no secret.
	Name() string
	// Send sends an event and returns when the target took it. An error means that, as
	// far as is known, the target did not take it. Send returns when ctx ends or the
	// target's own timeout is over.
	Send(ctx context.Context, e *receiver.Event) error
	// Check returns an error if the target can't be reached. It sends no event.
	Check(ctx context.Context) error
}

// Adviser is a Target that knows what its owner can do: its errors say so, and it may have
// advice although it can be reached.
type Adviser interface {
	// Advice says what the last Check found, "" if nothing needs to be done.
	Advice() string
}

// AdviceOf returns the advice of a target after its Check, "" if it has none.
func AdviceOf(t Target) string {
	if a, ok := t.(Adviser); ok {
		return a.Advice()
	}
	return ""
}

// Close closes the connections that a target holds. It makes others if it is used again.
func Close(t Target) error {
	if c, ok := t.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// Unreachable is the error of a target that can't be reached: no event can be sent to it.
type Unreachable struct{ Err error }

func (u *Unreachable) Error() string { return u.Err.Error() }

// Unwrap returns the cause.
func (u *Unreachable) Unwrap() error { return u.Err }

// Refused is the error of a target that answered, but did not take the event.
type Refused struct {
	// Reason is the answer. It comes from outside: clean it before you print it.
	Reason string
	// After is how long the target asks to wait; 0 if it does not say.
	After time.Duration
	// All means that the answer is about all events, not only about this one.
	All bool
	// Permanent means that the target will not take this event later either.
	Permanent bool
}

func (r *Refused) Error() string { return r.Reason }

// Accepts returns a rule for [Options].Accept. It accepts verified and trusted events,
// and partial and unsigned ones if asked to.
func Accepts(partial, unsigned bool) func(*receiver.Event) bool {
	return func(e *receiver.Event) bool {
		switch e.Verdict.Trust() {
		case receiver.FullTrust:
			return true
		case receiver.PartialTrust:
			return partial
		case receiver.UnsignedTrust:
			return unsigned
		default:
			return false
		}
	}
}
