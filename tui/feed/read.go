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

// Read reads up to limit events and as many rejected deliveries before a place.
func Read(ctx context.Context, log receiver.Reader, p Place, limit int) (*Chunk, error) {
	c := &Chunk{}
	for _, s := range []struct {
		from     int64
		to       *int64
		rejected bool
	}{{p.events, &c.Next.events, false}, {p.rejected, &c.Next.rejected, true}} {
		if *s.to = s.from; s.from == end {
			continue
		}
		events, err := log.Events(ctx, receiver.EventQuery{Before: s.from, Limit: limit, Rejected: s.rejected})
		if err != nil {
			return nil, err
		}
		*s.to = end
		if len(events) == limit {
			*s.to = events[0].Seq
			if at := events[0].ReceivedAt; at.After(c.complete) {
				c.complete = at
			}
		}
		for _, e := range events {
			c.Entries = append(c.Entries, EntryOf(e))
		}
	}
	return c, nil
}
