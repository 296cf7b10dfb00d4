package jetstream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/up42/up42-webhooks/receiver"
)

const (
	// followed is how many messages are stored in one transaction, and fetched ahead.
	followed      = 1024
	followedBytes = 4 << 20
	// placeEvery is how often the place of messages is saved that are not stored.
	placeEvery = time.Second
)

// batch are messages that are stored together.
type batch struct {
	events []*receiver.Event
	place  uint64 // of the last message
	behind uint64 // how many messages the stream has after it
	bytes  int
	read   bool  // a message was read
	own    []int // which events a member of this name received
	err    error // why there is no batch after it
}

func (b *batch) full() bool { return len(b.events) >= followed || b.bytes >= followedBytes }

// collector collects the messages that arrive into batches.
type collector struct {
	o      *Options
	by     author
	clocks *clocks
	status *statusKeeper
	last   uint64 // the last message when following began
	place  uint64 // of the last message that was collected
	out    chan batch
}

// run collects until ctx ends or a message can't be read. Then it closes the output.
func (c *collector) run(ctx context.Context, arrived <-chan jetstream.Msg) {
	defer close(c.out)
	for {
		b := batch{place: c.place}
		b.err = c.collect(ctx, &b, arrived)
		c.place = b.place
		if !c.pass(ctx, &b, arrived) || b.err != nil {
			return
		}
	}
}

// collect takes what has arrived. It waits for a message, but not so long that a place is not
// saved in time. What came before an error is to be stored.
func (c *collector) collect(ctx context.Context, b *batch, arrived <-chan jetstream.Msg) error {
	wait := time.NewTimer(placeEvery)
	defer wait.Stop()
	select {
	case m := <-arrived:
		if err := c.add(b, m); err != nil {
			return err
		}
	case <-wait.C:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	for !b.full() {
		select {
		case m := <-arrived:
			if err := c.add(b, m); err != nil {
				return err
			}
		default:
			return nil
		}
	}
	return nil
}

// pass passes a batch on. While the one before is being stored, it adds what arrives.
func (c *collector) pass(ctx context.Context, b *batch, arrived <-chan jetstream.Msg) bool {
	for {
		more := arrived
		if b.full() || b.err != nil {
			more = nil
		}
		select {
		case c.out <- *b:
			return true
		case m := <-more:
			b.err = c.add(b, m)
			c.place = b.place
		case <-ctx.Done():
			return false
		}
	}
}

// add adds a message. Those that this run of the program published are in the store already.
func (c *collector) add(b *batch, m jetstream.Msg) error {
	meta, err := m.Metadata()
	if err != nil {
		return err
	}
	if seq := meta.Sequence.Stream; seq > b.place+1 {
		c.status.missed(seq-b.place-1, false) // they went while this member was behind
	}
	h := m.Headers()
	if h.Get(runHeader) != c.by.run {
		e, err := decode(m.Subject(), h, m.Data())
		switch {
		case errors.Is(err, errNewer):
			return &Newer{fmt.Errorf("message %d of the stream can't be read: %w", meta.Sequence.Stream, err)}
		case err != nil:
			c.status.skipped(meta.Sequence.Stream, err)
		default:
			e.Origin = nameOf(h.Get(originHeader))
			c.clocks.saw(e.Origin, aheadIn(h))
			c.recognize(b, e.Origin, meta.Sequence.Stream)
			b.events, b.bytes = append(b.events, e), b.bytes+e.Size()
		}
	}
	b.read, b.place, b.behind = true, meta.Sequence.Stream, meta.NumPending
	return nil
}

// recognize looks for events that a member with the name of this one received. If they come
// after this run began, the other one runs at the same time.
func (c *collector) recognize(b *batch, origin string, place uint64) {
	switch {
	case origin != c.by.member || c.o.FollowOnly:
	case place > c.last:
		c.status.namesake(origin)
	default:
		b.own = append(b.own, len(b.events))
	}
}

// nameOf is the name of another member. It comes from outside, and says that the event is not
// from here.
func nameOf(origin string) string {
	const longest = 64
	if origin == "" || len(origin) > longest {
		return "another member"
	}
	return origin
}
