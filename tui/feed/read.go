package feed

import (
	"context"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Position says how far back the deliveries are read: to these sequence numbers.
// The zero value is before anything is read.
type Position struct {
	events, rejected int64
}

// atStart is the sequence number if all deliveries are read.
const atStart = -1

// More reports whether there may be older deliveries.
func (p Position) More() bool { return p.events != atStart || p.rejected != atStart }

// Chunk is a part of the deliveries, read backwards.
type Chunk struct {
	Entries []*Entry
	// Next is where the older deliveries are.
	Next Position
	// complete is the time from which on no delivery is missing. Before it, events
	// or rejected deliveries may be missing, as the chunk may reach further back in
	// one of the two sequences than in the other.
	complete time.Time
}

// Read reads the deliveries before a position: up to limit events, and as many
// rejected deliveries.
func Read(ctx context.Context, log receiver.Reader, p Position, limit int) (*Chunk, error) {
	c := &Chunk{Next: p}
	if err := c.read(ctx, log, &c.Next.events, limit, false); err != nil {
		return nil, err
	}
	if err := c.read(ctx, log, &c.Next.rejected, limit, true); err != nil {
		return nil, err
	}
	return c, nil
}

// read reads one of the two sequences, page by page, and moves its position back.
func (c *Chunk) read(ctx context.Context, log receiver.Reader, position *int64, limit int, rejected bool) error {
	if *position == atStart {
		return nil
	}
	var oldest time.Time
	left := limit
	for events, err := range receiver.Pages(ctx, log, receiver.EventQuery{Before: *position, Limit: limit, Rejected: rejected}) {
		if err != nil {
			return err
		}
		for _, e := range events {
			c.Entries = append(c.Entries, EntryOf(e))
		}
		*position, oldest = events[0].Seq, events[0].Entered()
		left -= len(events)
	}
	if left > 0 {
		*position = atStart
		return nil
	}
	if oldest.After(c.complete) {
		c.complete = oldest
	}
	return nil
}
