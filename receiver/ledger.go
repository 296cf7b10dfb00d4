package receiver

import (
	"context"
	"time"
)

// Ledger keeps what readers of a log must remember across restarts: how far
// each one got, and what it gave up on. A reader that acts on events (hands
// them on, runs a program) has a name of its own and reads from its progress
// on. It is safe for concurrent use; what a call that changes something was
// told is on disk when it returns, and only then.
//
// No retention takes an event away that a reader with a progress has not done
// yet, or that is in its list of failures.
type Ledger interface {
	// Progress is how far a reader got; ok is false where none was saved.
	Progress(ctx context.Context, reader string) (p Progress, ok bool, err error)

	// SaveProgress replaces a reader's progress.
	SaveProgress(ctx context.Context, reader string, p Progress) error

	// GiveUp puts an event on its reader's list of failures, or replaces what
	// the list says of it.
	GiveUp(ctx context.Context, f Failure) error

	// Failures is a reader's list, or with "" that of all readers, oldest
	// event first.
	Failures(ctx context.Context, reader string) ([]Failure, error)

	// Forgive takes an event off a reader's list: it was sent again. That it is
	// not on it is no error.
	Forgive(ctx context.Context, reader string, seq int64) error
}

// Progress is how far a reader got.
type Progress struct {
	// Cursor is a place in the log: every event up to it is done.
	Cursor int64
	// Done are the events after it that are done as well, ascending.
	Done []int64
}

// Failure is an event that a reader gave up on.
type Failure struct {
	Reader string
	Seq    int64
	// At is when it was given up, to the microsecond, UTC.
	At time.Time
	// Tries is how often it was tried.
	Tries int
	// Reason is why the last one failed, as it came, so not safe to print.
	Reason string
}
