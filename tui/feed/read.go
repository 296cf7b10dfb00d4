package feed

import (
	"context"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Place is where reading backwards goes on: before these places of the two
// sequences. Its zero value is the newest end.
type Place struct {
	events, rejected int64
}

// end is the place in a sequence that has nothing more.
const end = -1

// More says that there may be older deliveries.
func (p Place) More() bool { return p.events != end || p.rejected != end }

// Chunk is a run of deliveries, read backwards.
type Chunk struct {
	Entries []*Entry
	// Next is where older ones are.
	Next Place
	// complete is the time from which on nothing is missing: one of the two
	// sequences may reach back further than the other.
	complete time.Time
}

// readPage is how many deliveries are held with their bodies at a time: a body
// may have a megabyte.
const readPage = 64

// Read reads up to limit events and as many rejected deliveries before a place.
func Read(ctx context.Context, log receiver.Reader, p Place, limit int) (*Chunk, error) {
	c := &Chunk{Next: p}
	if err := c.read(ctx, log, &c.Next.events, limit, false); err != nil {
		return nil, err
	}
	if err := c.read(ctx, log, &c.Next.rejected, limit, true); err != nil {
		return nil, err
	}
	return c, nil
}

// read reads one of the two sequences, page by page, and moves its place back.
func (c *Chunk) read(ctx context.Context, log receiver.Reader, place *int64, limit int, rejected bool) error {
	if *place == end {
		return nil
	}
	var oldest time.Time
	for left := limit; left > 0; {
		page := min(left, readPage)
		events, err := log.Events(ctx, receiver.EventQuery{Before: *place, Limit: page, Rejected: rejected})
		if err != nil {
			return err
		}
		for _, e := range events {
			c.Entries = append(c.Entries, EntryOf(e))
		}
		if len(events) < page {
			*place = end
			return nil
		}
		*place, oldest = events[0].Seq, events[0].ReceivedAt
		left -= page
	}
	if oldest.After(c.complete) {
		c.complete = oldest
	}
	return nil
}
