package events

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// Stream reads events, or rejected deliveries, in pages. It holds one page in memory.
type Stream struct {
	Log      receiver.Reader
	rejected bool
	// Since excludes earlier events.
	Since time.Time
	// Filter selects events, as of Now. Nil selects all.
	Filter *filter.Filter
	Now    func() time.Time
	Print  func([]*receiver.Event) error
	// printed is set once an event was printed.
	printed bool
}

// PageSize is how many events are printed at a time.
const PageSize = 256

// run prints the newest events up to the limit (0: all). If follow is set, it then
// prints new events until ctx ends.
func (s *Stream) run(ctx context.Context, limit int, follow bool) error {
	// Read the version before the counts, so that Wait does not wait for events that
	// come in between.
	version, err := s.Log.Wait(ctx, 0)
	if err != nil {
		return err
	}
	last, err := s.Last(ctx)
	if err != nil {
		return err
	}
	after := int64(0)
	switch {
	case limit > 0 && (!s.Filter.Empty() || s.rejected): // an admitted delivery leaves a gap among the rejected ones
		after, err = last, s.newest(ctx, limit, last+1)
	case limit > 0:
		after = max(0, last-int64(limit))
		fallthrough
	default:
		err = s.Pages(ctx, &after, last+1)
	}
	if err != nil || !follow {
		return err
	}
	for after = max(after, last); ; {
		if err := s.Pages(ctx, &after, 0); err != nil {
			return err
		}
		if version, err = s.Log.Wait(ctx, version); err != nil {
			return err
		}
	}
}

// Last returns the sequence number of the newest event.
func (s *Stream) Last(ctx context.Context) (int64, error) {
	c, err := s.Log.Counts(ctx)
	if s.rejected {
		return c.LastRejected, err
	}
	return c.LastSeq, err
}

// newest prints the newest matching events before a sequence number. It searches backwards
// until it has found enough. Of these it keeps only the numbers, and reads them again.
func (s *Stream) newest(ctx context.Context, limit int, before int64) error {
	var found []int64 // newest first
	for part, err := range s.find(ctx, receiver.EventQuery{Before: before, Limit: limit}) {
		if err != nil {
			return err
		}
		for _, e := range part.Events {
			found = append(found, e.Seq)
		}
	}
	slices.Reverse(found)
	return s.printEach(ctx, found)
}

// find searches for matching events.
func (s *Stream) find(ctx context.Context, q receiver.EventQuery) iter.Seq2[receiver.Found, error] {
	q.Since, q.Rejected = s.Since, s.rejected
	return receiver.Find(ctx, s.Log, s.Filter.Search(q, s.Now))
}

// printEach prints the events with these sequence numbers that the store still has.
func (s *Stream) printEach(ctx context.Context, seqs []int64) error {
	var page []*receiver.Event
	size := 0
	for _, seq := range seqs {
		e, err := receiver.EventAt(ctx, s.Log, seq, s.rejected)
		if err != nil {
			return err
		}
		if e == nil {
			continue
		}
		page, size = append(page, e), size+e.Size()
		if len(page) < PageSize && size < receiver.PageBytes {
			continue
		}
		if err := s.print(page); err != nil {
			return err
		}
		page, size = nil, 0
	}
	return s.print(page)
}

// Pages prints the events with sequence numbers after *after and before `before`
// (0: no limit), oldest first. It sets *after to the last event that it read.
func (s *Stream) Pages(ctx context.Context, after *int64, before int64) error {
	q := receiver.EventQuery{After: *after, Before: before, Since: s.Since, Oldest: true, Rejected: s.rejected}
	if !s.Filter.Empty() {
		return s.search(ctx, q, after)
	}
	for page, err := range receiver.Pages(ctx, s.Log, q) {
		if err != nil {
			return err
		}
		*after = page[len(page)-1].Seq
		if err := s.print(page); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stream) search(ctx context.Context, q receiver.EventQuery, after *int64) error {
	for part, err := range s.find(ctx, q) {
		if err != nil {
			return err
		}
		*after = max(*after, part.Cursor)
		if err := s.print(part.Events); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stream) print(page []*receiver.Event) error {
	if len(page) == 0 {
		return nil
	}
	s.printed = true
	return s.Print(page)
}
