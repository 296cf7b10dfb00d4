package events

import (
	"context"
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

// run prints the newest events up to the limit (0: all), in the order in which they came. If
// follow is set, it then prints new events until ctx ends, as they are stored.
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
	places, err := receiver.Places(ctx, s.Log, 0)
	if err != nil {
		return err
	}
	inOrder := s.Filter.Empty() && !s.rejected && len(places) == 0 // the newest have the highest numbers, without gaps
	switch after := max(0, last-int64(limit)); {
	case limit == 0:
		err = s.all(ctx, last+1)
	case inOrder:
		err = s.Pages(ctx, &after, last+1)
	default:
		err = s.newest(ctx, limit, last+1)
	}
	if err != nil || !follow {
		return err
	}
	for after := last; ; {
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

// all prints the matching events before a sequence number.
func (s *Stream) all(ctx context.Context, before int64) error {
	q := receiver.EventQuery{Before: before, Since: s.Since, Oldest: true, Rejected: s.rejected}
	pages := receiver.PagesInTime(ctx, s.Log, q)
	if !s.Filter.Empty() {
		pages = receiver.FindInTime(ctx, s.Log, s.search(q))
	}
	for page, err := range pages {
		if err != nil {
			return err
		}
		if err := s.print(page); err != nil {
			return err
		}
	}
	return nil
}

// newest prints the newest matching events before a sequence number. It searches backwards
// until it has found enough. Of these it keeps only the numbers, and reads them again.
func (s *Stream) newest(ctx context.Context, limit int, before int64) error {
	var found []int64 // newest first
	for page, err := range receiver.FindInTime(ctx, s.Log, s.search(receiver.EventQuery{Before: before, Limit: limit})) {
		if err != nil {
			return err
		}
		for _, e := range page {
			found = append(found, e.Seq)
		}
	}
	slices.Reverse(found)
	return s.printEach(ctx, found)
}

// search selects the matching events of a range.
func (s *Stream) search(q receiver.EventQuery) receiver.Search {
	q.Since, q.Rejected = s.Since, s.rejected
	return s.Filter.Search(q, s.Now)
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
		return s.matching(ctx, q, after)
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

func (s *Stream) matching(ctx context.Context, q receiver.EventQuery, after *int64) error {
	for part, err := range receiver.Find(ctx, s.Log, s.search(q)) {
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
