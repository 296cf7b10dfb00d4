package receiver

import (
	"context"
	"time"
)

// Log keeps events for good. It is safe for concurrent use.
type Log interface {
	Reader

	// Append stores the event and its row in one transaction and returns once
	// that is on disk. It sets nothing in e; the receipt has the place. An
	// error means that the event is not stored, or (where ctx ended first)
	// that this is not known: the sender must try again.
	Append(ctx context.Context, e *Event) (Receipt, error)

	// Reject remembers a rejected delivery among the newest RejectedKept ones.
	// It never blocks and never fails: under a flood some are only counted.
	Reject(e *Event)

	// Close flushes what is queued, waits for it and ends all readers.
	Close() error
}

// RejectedKept is how many rejected deliveries a Log keeps.
const RejectedKept = 1000

// Receipt says what became of an event.
type Receipt struct {
	// Seq is the event's place; a duplicate's is that of the event it repeats.
	Seq       int64
	Duplicate bool
}

// Reader reads a log, while somebody else, maybe another process, writes it.
// No call waits for the writer but where it says so.
type Reader interface {
	// Next returns up to max events after the place `after`, oldest first. It
	// blocks until there is one. Its error is that of ctx, ErrClosed or of the
	// store.
	Next(ctx context.Context, after int64, max int) ([]*Event, error)

	// Wait blocks until the log differs from what it was at `seen` (a new
	// event, rejection or duplicate) and returns the new version. Ask with 0
	// for the version now.
	Wait(ctx context.Context, seen Version) (Version, error)

	// Events returns a page of history, oldest first.
	Events(ctx context.Context, q EventQuery) ([]*Event, error)

	// Rows returns a page of rows, the one with the newest event first.
	Rows(ctx context.Context, q RowQuery) ([]Row, error)

	// Row returns one row with its points; ok is false where there is none.
	Row(ctx context.Context, k Key) (r Row, ok bool, err error)

	// Counts says how much there is.
	Counts(ctx context.Context) (Counts, error)
}

// Version tells two states of a log apart; it has no order and is not kept
// across restarts. 0 is no version.
type Version uint64

// EventQuery selects a page of events. Its zero value is the newest 100.
type EventQuery struct {
	// After and Before bound Seq, both exclusive; 0: no bound.
	After, Before int64
	// Since leaves out what was received earlier; zero: no bound.
	Since time.Time
	// Limit is the page's size; 0: 100.
	Limit int
	// Oldest takes the page from the old end of the range, not from the new.
	Oldest bool
	// Rejected asks for rejected deliveries, by their own sequence, in the
	// place of events.
	Rejected bool
}

// RowQuery selects a page of rows.
type RowQuery struct {
	// Kind is the kind to list; "": both.
	Kind Kind
	// After and Before bound Row.Seq, both exclusive; 0: no bound. With After
	// set to the last place seen, the page holds what changed since.
	After, Before int64
	// Limit is the page's size; 0: 100.
	Limit int
	// Updates loads each row's points; without, Row.Updates is nil and only
	// Row.Trail is there to draw from.
	Updates bool
}

// Counts says how much a log holds and has seen, since it was made.
type Counts struct {
	// Verified, Trusted, Partial and Unsigned count all events that were ever
	// stored, Deleted those of them that retention has taken away since.
	Verified, Trusted, Partial, Unsigned, Deleted int64
	// Rejected counts all rejections, also those that are no longer kept.
	Rejected int64
	// Duplicates counts deliveries that repeated a stored event.
	Duplicates int64
	// Rows counts the rows. Retention deletes a final one with the last of its
	// events, so the numbers may fall.
	Rows RowCounts
	// LastSeq is the newest event's place, LastRejected the newest rejection's.
	LastSeq, LastRejected int64
	// LastArrival is when the newest delivery of any verdict came; zero: never.
	LastArrival time.Time
}

// Events is the number of events that are there.
func (c Counts) Events() int64 { return c.Verified + c.Trusted + c.Partial + c.Unsigned - c.Deleted }

// Error is a failure of a Log that its user can name.
type Error string

func (e Error) Error() string { return string(e) }

// The failures.
const (
	// ErrClosed: the log was closed.
	ErrClosed Error = "the log is closed"
	// ErrBusy: more is waiting to be stored than the log takes on.
	ErrBusy Error = "the log is busy"
)
