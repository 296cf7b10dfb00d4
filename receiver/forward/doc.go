// Package forward hands events on: it posts them to a URL or runs a program for
// each.
//
// A target is a reader of the log with a place of its own, which the store
// keeps. What was not taken is tried again, in the order of its order or job;
// other orders and jobs don't wait for it. Nothing is skipped, and nothing is
// sent twice but where it is not known whether it was taken: where an answer
// was lost, or the program ended before it could note the success.
package forward

import (
	"context"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Target takes events. It is safe for concurrent use.
type Target interface {
	// Name names the target, also in the store: a target of another name begins
	// anew.
	Name() string
	// Send hands an event on and returns once it was taken. An error means that
	// it was not, as far as is known. It takes no longer than ctx, or than the
	// target's own patience.
	Send(ctx context.Context, e *receiver.Event) error
	// Check looks whether the target is there, without handing anything on.
	Check(ctx context.Context) error
}

// Refused is the error of a target that answered, but did not take the event.
type Refused struct {
	// Reason says what it answered, in its own words, so not safe to print.
	Reason string
	// After is how long the target asks to wait; 0: it did not say.
	After time.Duration
	// All says that this goes for all events, not only for this one.
	All bool
}

func (r *Refused) Error() string { return r.Reason }

// Accepts chooses which events may be handed on at all: those that are verified
// or trusted, others only where they are asked for (design.md §4).
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

// subject is what a log calls an event.
func subject(e *receiver.Event) string { return fmt.Sprintf("event %d", e.Seq) }
