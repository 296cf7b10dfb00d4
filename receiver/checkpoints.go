package receiver

import (
	"context"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver/safe"
)

// Checkpoints keep what readers of a log must remember across restarts: how far
// each one got, and which events it gave up. A reader that acts on events, such as
// a forwarder, has a name and continues from its checkpoint.
//
// Implementations are safe for concurrent use. When a call that changes something
// returns without an error, the change is on disk.
//
// Retention keeps an event until each reader that has a checkpoint is done with it,
// and as long as it is on a list of failures.
type Checkpoints interface {
	// Checkpoint returns a reader's checkpoint; ok is false if it has none.
	Checkpoint(ctx context.Context, reader string) (p Checkpoint, ok bool, err error)

	// SaveCheckpoint replaces a reader's checkpoint. It names only events that the log has given: one
	// after the last event is damage, since its reader would skip events that come.
	SaveCheckpoint(ctx context.Context, reader string, p Checkpoint) error

	// AddFailure puts an event on its reader's list of failures, or replaces its
	// entry there.
	AddFailure(ctx context.Context, f Failure) error

	// Failures returns the list of one reader, or with "" of all readers, the oldest
	// event first.
	Failures(ctx context.Context, reader string) ([]Failure, error)

	// RemoveFailure removes an event from a reader's list, usually because it was
	// sent again. It is no error if the event is not on the list.
	RemoveFailure(ctx context.Context, reader string, seq int64) error
}

// Checkpoint says how far a reader got.
type Checkpoint struct {
	// Cursor is the Seq up to which all events are done.
	Cursor int64
	// Done are the ranges of later events that are done as well, ascending.
	Done []Span
}

// Ahead returns how many events are done beyond the cursor.
func (p *Checkpoint) Ahead() (n int64) {
	for _, s := range p.Done {
		n += s.Last - s.First + 1
	}
	return n
}

// Covers reports whether an event is done.
func (p *Checkpoint) Covers(seq int64) bool {
	return seq <= p.Cursor || slices.ContainsFunc(p.Done, func(s Span) bool { return s.First <= seq && seq <= s.Last })
}

// Span is a range of sequence numbers, both ends included.
type Span struct{ First, Last int64 }

// Failure is an event that a reader gave up.
type Failure struct {
	Reader string
	Seq    int64
	// At is when the reader gave up, in UTC, to the microsecond.
	At time.Time
	// Tries is how often the reader tried.
	Tries int
	// Reason is the error of the last try. It comes from outside: clean it before
	// you print it.
	Reason string
}

// Undelivered is an event that a reader gave up, and why.
type Undelivered struct {
	Event   *Event
	Failure Failure
}

// undeliveredJSON fixes the names and the order of the fields in JSON.
type undeliveredJSON struct {
	eventJSON
	Target  string    `json:"target" jsonschema:"target that did not take it"`
	GivenUp time.Time `json:"givenUp" jsonschema:"when it was given up"`
	Tries   int       `json:"tries" jsonschema:"how often it was tried"`
	Error   string    `json:"error" jsonschema:"why the target did not take it the last time"`
}

// JSONShape implements Shaped.
func (Undelivered) JSONShape() any { return undeliveredJSON{} }

// MarshalJSON encodes the event as [Event.MarshalJSON] does, and in the same object what is known
// about the failure.
func (u Undelivered) MarshalJSON() ([]byte, error) {
	f := &u.Failure
	return marshal(undeliveredJSON{u.Event.json(), safe.Name(f.Reader), f.At.UTC(), f.Tries, f.Reason})
}
