package receiver

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"
)

// Log keeps events durably. Implementations are safe for concurrent use.
type Log interface {
	Reader

	// Append stores the event and its row in one transaction. It returns when that is
	// on disk. It does not change e; the receipt has the event's Seq. After an error
	// the event is not stored, or, if ctx ended first, may or may not be: the sender
	// must try again.
	Append(ctx context.Context, e *Event) (Receipt, error)

	// Reject keeps a rejected delivery among the newest RejectedKept ones. It keeps
	// e.Raw, so the caller must not change it any more. It never blocks and never fails: if
	// too many come at once, some are only counted.
	Reject(e *Event)

	// CountUnmatched counts a request that was no delivery. It never blocks and never
	// fails.
	CountUnmatched()

	// Close stores what is queued and waits for that. Then it ends all readers.
	Close() error
}

// Admissions admits rejected deliveries. A durable Log implements it.
type Admissions interface {
	// Admit stores each event, and deletes the rejected delivery that it was, in one
	// transaction. The number of that delivery is the event's Rejection. The receipts are
	// in the order of the events.
	Admit(ctx context.Context, events ...*Event) ([]Receipt, error)
}

// RejectedKept is how many rejected deliveries a Log keeps.
const RejectedKept = 1000

// Receipt says what Append did with an event.
type Receipt struct {
	// Seq is the event's place in the log. If the event is a duplicate, it is the place
	// of the stored event that it repeats.
	Seq       int64
	Duplicate bool
	// Gone says that nothing was stored, since the rejected delivery that was to be
	// admitted is not kept any more.
	Gone bool
	// ConflictsWith is that of the stored event; 0 for a duplicate.
	ConflictsWith int64
}

// Reader reads a log while it is being written, maybe by another process. Only Next and
// Wait wait for the writer.
//
// A page of events or rows ends when it has as many as were asked for, or PageBytes. It
// has at least one if there is one, so only an empty page says that there are no more.
type Reader interface {
	// Next returns up to max events with a higher Seq than after, oldest first. It
	// blocks until there is one. Its error is that of ctx, ErrClosed or of the store.
	Next(ctx context.Context, after int64, max int) ([]*Event, error)

	// Wait blocks until the log's version differs from seen, and returns it: a new
	// event, rejection, duplicate or unmatched request changes it. With 0 it returns the version at once.
	Wait(ctx context.Context, seen Version) (Version, error)

	// Events returns a page of events, oldest first.
	Events(ctx context.Context, q EventQuery) ([]*Event, error)

	// Rows returns a page of rows, the one with the newest event first.
	Rows(ctx context.Context, q RowQuery) ([]Row, error)

	// Row returns one row with its updates; ok is false if it does not exist.
	Row(ctx context.Context, k Key) (r Row, ok bool, err error)

	// Counts returns how much the log holds.
	Counts(ctx context.Context) (Counts, error)
}

// PageBytes is how much memory the events or rows of a page take, in bytes, see
// [Event.Size]. Only the last one may exceed it.
const PageBytes = 4 << 20

// pageEvents is how many events Pages reads at a time.
const pageEvents = 256

// Pages reads all events of a query in pages: from the oldest one on if q.Oldest, else from
// the newest one back. In each page the oldest event is the first. q.Limit is how many events
// to read in all; 0 means no limit. After an error there are no more pages.
func Pages(ctx context.Context, log Reader, q EventQuery) iter.Seq2[[]*Event, error] {
	return func(yield func([]*Event, error) bool) {
		left := q.Limit
		if left == 0 {
			left = math.MaxInt
		}
		for left > 0 {
			q.Limit = min(left, pageEvents)
			page, err := log.Events(ctx, q)
			if len(page) == 0 || err != nil {
				if err != nil {
					yield(nil, err)
				}
				return
			}
			left -= len(page)
			if q.Oldest {
				q.After = page[len(page)-1].Seq
			} else {
				q.Before = page[0].Seq
			}
			if !yield(page, nil) {
				return
			}
		}
	}
}

// Searcher finds events without reading all of them. A durable Log implements it.
type Searcher interface {
	// Search does what [Find] says, for events only.
	Search(ctx context.Context, q Search) iter.Seq2[Found, error]
}

// Search selects events by what they say.
type Search struct {
	// EventQuery has the range and the direction of the search. Its Limit is how many
	// events to find in all; 0 means no limit.
	EventQuery
	// Match decides which events are found. It may get an event that has only what filters
	// ask for: no body, no headers, no message id and no proof. It must not keep it.
	Match func(e *Event) bool
	// IDs are, if there are any, the only ids that Match lets pass, in any case.
	IDs []string
	// Numbers asks for the sequence numbers of the events only, which costs less.
	Numbers bool
}

// Found is a part of the result of a search.
type Found struct {
	// Events are the events of this part, in the order of the search. There may be none.
	Events []*Event
	// Numbers are their sequence numbers, if the search asks for these only. Then there are
	// no Events, and a part may have several thousand numbers.
	Numbers []int64
	// Cursor is how far the search is: to go on later, search after it if the oldest events
	// come first, else before it.
	Cursor int64
	// Searched is how many of Total sequence numbers were searched.
	Searched, Total int64
}

// Find searches the events of a log. It returns what it finds in parts: each has at most 256
// events or PageBytes, and soon says how far the search is, also if it has found nothing.
// The search is complete after the last part, unless that is an error. An event that comes
// in meanwhile is not searched. A Searcher answers by itself; of any other log all events
// are read.
func Find(ctx context.Context, log Reader, q Search) iter.Seq2[Found, error] {
	if s, ok := log.(Searcher); ok && !q.Rejected {
		return s.Search(ctx, q)
	}
	return func(yield func(Found, error) bool) {
		err := findInPages(ctx, log, q, func(f Found) bool { return yield(f, nil) })
		if err != nil {
			yield(Found{}, err)
		}
	}
}

func findInPages(ctx context.Context, log Reader, q Search, yield func(Found) bool) error {
	counts, err := log.Counts(ctx)
	if err != nil {
		return err
	}
	last, left := counts.LastSeq, q.Limit
	if q.Rejected {
		last = counts.LastRejected
	}
	if q.Before == 0 || q.Before > last {
		q.Before = last + 1
	}
	q.Limit = 0
	found := Found{Total: max(0, q.Before-1-q.After)}
	for page, err := range Pages(ctx, log, q.EventQuery) {
		if err != nil {
			return err
		}
		found.Cursor, found.Searched = page[0].Seq, q.Before-page[0].Seq
		if q.Oldest {
			found.Cursor = page[len(page)-1].Seq
			found.Searched = found.Cursor - q.After
		}
		found.Events = matching(page, &q)
		full := left > 0 && len(found.Events) >= left
		if full {
			found.Events = found.Events[:left]
			found.Cursor = found.Events[left-1].Seq
		}
		left -= len(found.Events)
		if q.Numbers {
			found.Events, found.Numbers = nil, numbersOf(found.Events)
		}
		if !yield(found) || full {
			return nil
		}
	}
	return nil
}

func numbersOf(events []*Event) []int64 {
	out := make([]int64, len(events))
	for i, e := range events {
		out[i] = e.Seq
	}
	return out
}

// matching returns the events of a page that match, in the order of the search.
func matching(page []*Event, q *Search) []*Event {
	var out []*Event
	for _, e := range page {
		if q.Match(e) {
			out = append(out, e)
		}
	}
	if !q.Oldest {
		slices.Reverse(out)
	}
	return out
}

// RowNumberer lists rows by their numbers. A durable Log implements it.
type RowNumberer interface {
	// RowNumbers does what [RowNumbers] says.
	RowNumbers(ctx context.Context, k Kind, before int64, limit int) ([]int64, error)
}

// RowNumbers returns the Seq of up to limit rows of a kind, the newest first, without reading
// the rows if the log is a RowNumberer. before is an exclusive limit.
func RowNumbers(ctx context.Context, log Reader, k Kind, before int64, limit int) ([]int64, error) {
	if n, ok := log.(RowNumberer); ok {
		return n.RowNumbers(ctx, k, before, limit)
	}
	rows, err := log.Rows(ctx, RowQuery{Kind: k, Before: before, Limit: limit})
	out := make([]int64, len(rows))
	for i := range rows {
		out[i] = rows[i].Seq
	}
	return out, err
}

// Version tells two states of a log apart. Versions have no order and are not kept
// across restarts. 0 is not a version.
type Version uint64

// EventQuery selects a page of events. Its zero value selects the newest 100.
type EventQuery struct {
	// After and Before are exclusive limits of Seq; 0 means no limit.
	After, Before int64
	// Since excludes events that were received earlier; zero means no limit.
	Since time.Time
	// Limit is the size of the page; 0 means 100.
	Limit int
	// Oldest takes the page from the old end of the range, otherwise it is from the new
	// end.
	Oldest bool
	// Rejected selects rejected deliveries, by their own numbers, instead of events.
	Rejected bool
}

// RowQuery selects a page of rows.
type RowQuery struct {
	// Kind is the kind of the rows; "" means all kinds.
	Kind Kind
	// After and Before are exclusive limits of Row.Seq; 0 means no limit. If After is
	// the newest Seq of an earlier page, the page holds what changed since.
	After, Before int64
	// Limit is the size of the page; 0 means 100.
	Limit int
	// Updates loads Row.Updates. Without it they are nil, and Row.ShortJourney is all
	// that there is of the journey.
	Updates bool
}

// EventAt returns the event with a sequence number, or the rejected delivery with
// that number. It returns nil if the log does not have it.
func EventAt(ctx context.Context, log Reader, seq int64, rejected bool) (*Event, error) {
	found, err := log.Events(ctx, EventQuery{After: seq - 1, Limit: 1, Oldest: true, Rejected: rejected})
	switch {
	case err != nil:
		return nil, fmt.Errorf("read event %d: %w", seq, err)
	case len(found) == 0 || found[0].Seq != seq:
		return nil, nil
	default:
		return found[0], nil
	}
}

// Counts says how much a log holds, and how much it has got since it was made.
type Counts struct {
	// Verified, Trusted, Partial and Unsigned count all events that were ever stored.
	// Deleted counts those that retention has deleted since.
	Verified, Trusted, Partial, Unsigned, Deleted int64
	// Rejected counts all rejections, also those that are no longer kept.
	Rejected int64
	// Duplicates counts deliveries that repeated a stored event, Conflicts events that
	// conflict with an earlier one.
	Duplicates, Conflicts int64
	// Unmatched counts requests that were no deliveries: those to an unknown path, probes
	// (GET, HEAD, OPTIONS), and those that are no HTTP.
	Unmatched int64
	// Rows counts the rows. Retention deletes a final row with the last of its events,
	// so the numbers can fall.
	Rows RowCounts
	// LastSeq is the place of the newest event, LastRejected that of the newest
	// rejection.
	LastSeq, LastRejected int64
	// LastArrival is when the newest delivery of any verdict came. It is zero if none
	// came.
	LastArrival time.Time
}

// Events returns the number of events that the log holds.
func (c Counts) Events() int64 { return c.Verified + c.Trusted + c.Partial + c.Unsigned - c.Deleted }

// Error is a failure of a Log that a caller can compare with.
type Error string

func (e Error) Error() string { return string(e) }

// The failures.
const (
	// ErrClosed means that the log was closed.
	ErrClosed Error = "the log is closed"
	// ErrTakenOver means that another member of a team does now what the caller did.
	ErrTakenOver Error = "another member of the team has taken over"
	// ErrRemembered means that a checkpoint is not saved yet. It is remembered, and the caller goes on
	// there, unless its process ends or another member takes over before.
	ErrRemembered Error = "the checkpoint is remembered"
	// ErrBusy means that too much is waiting to be stored.
	ErrBusy Error = "the log is busy"
)
