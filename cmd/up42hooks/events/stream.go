package events

import (
	"context"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Stream reads events, or rejected deliveries, in pages. It holds one page, or the
// events up to the limit, in memory.
type Stream struct {
	Log      receiver.Reader
	rejected bool
	// Since excludes earlier events.
	Since time.Time
	// Keep selects events. Nil keeps all.
	Keep  func(*receiver.Event) bool
	Print func([]*receiver.Event) error
	// printed is set once an event was printed.
	printed bool
}

// PageSize is how many events are read at a time.
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
	case limit > 0 && (s.Keep != nil || s.rejected): // an admitted delivery leaves a gap among the rejected ones
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

// newest prints the newest matching events before a sequence number. It reads
// backwards until it has enough.
func (s *Stream) newest(ctx context.Context, limit int, before int64) error {
	var found []*receiver.Event // newest first
	for len(found) < limit {
		page, err := s.Log.Events(ctx, receiver.EventQuery{Before: before, Since: s.Since, Limit: PageSize, Rejected: s.rejected})
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		before = page[0].Seq
		for _, e := range slices.Backward(page) {
			if (s.Keep == nil || s.Keep(e)) && len(found) < limit {
				found = append(found, e)
			}
		}
	}
	slices.Reverse(found)
	return s.print(found)
}

// Pages prints the events with sequence numbers after *after and before `before`
// (0: no limit), oldest first. It sets *after to the last event that it read.
func (s *Stream) Pages(ctx context.Context, after *int64, before int64) error {
	for {
		page, err := s.Log.Events(ctx, receiver.EventQuery{
			After: *after, Before: before, Since: s.Since, Limit: PageSize, Oldest: true, Rejected: s.rejected,
		})
		if err != nil {
			return err
		}
		read := len(page)
		if read > 0 {
			*after = page[read-1].Seq
		}
		if s.Keep != nil {
			page = slices.DeleteFunc(slices.Clone(page), func(e *receiver.Event) bool { return !s.Keep(e) })
		}
		if err := s.print(page); err != nil {
			return err
		}
		if read < PageSize {
			return nil
		}
	}
}

func (s *Stream) print(page []*receiver.Event) error {
	if len(page) == 0 {
		return nil
	}
	s.printed = true
	return s.Print(page)
}
