package jetstream

import (
	"context"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// begin makes the place of the duty the own one: from then on the writes of whoever had the turn
// before are refused. If the team has no place yet, it makes one.
func (t *Turn) begin(ctx context.Context) error {
	known, err := t.places.read(ctx, t.stream)
	if err != nil {
		return err
	}
	if t.places.now.Era == t.era && t.places.now.Fence > t.lease.fence {
		return receiver.ErrTakenOver // since this member took the lease
	}
	first := t.place(receiver.Checkpoint{})
	switch u := t.shared.unsaved; {
	case known && u != nil && u.revision == t.places.revision && u.place.Stream == t.stream:
		// This member was the last one, and has done more than it could save.
		first.Cursor, first.Done = u.place.Cursor, u.place.Done
	case known:
		first.Cursor, first.Done = t.places.now.Cursor, t.places.now.Done
	case t.shared.last.Stream == t.stream: // somebody has deleted the entry
		first.Cursor, first.Done, first.Began = t.shared.last.Cursor, t.shared.last.Done, t.shared.last.Began
	default:
		from, err := t.seed(ctx)
		if err != nil {
			return err
		}
		first = t.place(from)
		first.Began = time.Now()
	}
	if err := t.Check(); err != nil {
		return err
	}
	if err := t.places.write(ctx, first); err != nil {
		return err
	}
	t.shared.unsaved, t.shared.last, t.began = nil, first, first.Began
	p, err := first.checkpoint()
	t.feed.forgetAll(p.Cursor)
	t.feed.counts = true
	_, last := t.feed.progress()
	t.shared.reached(t.team.o.Member, p, last)
	return err
}

// seed finds out with which messages of the stream the own store was done by itself: the team begins
// with the others. A store that has got nothing since it began is done with all.
func (t *Turn) seed(ctx context.Context) (p receiver.Checkpoint, err error) {
	counts, err := t.team.o.Store.Counts(ctx)
	if err != nil {
		return p, err
	}
	if !t.team.o.FollowOnly {
		_ = t.team.acks.await(ctx, counts.LastSeq, ackPatience) // what is not published comes later
	}
	info, err := t.feed.c.stream.Info(ctx)
	if err != nil {
		return p, t.team.o.explainRead(err)
	}
	before, err := t.duty().Before(ctx)
	if err != nil {
		return p, err
	}
	last := int64(info.State.LastSeq)
	hasAll := int64(t.team.Status().Place) >= last // asked before the store is
	if counts, err = t.team.o.Store.Counts(ctx); err != nil {
		return p, err
	}
	if hasAll && before.Covers(counts.LastSeq) {
		return receiver.Checkpoint{Cursor: last}, nil
	}
	from := int64(0)
	if before.Covers(t.team.start.seq) && t.team.start.identity == t.stream {
		from = t.team.start.place
	}
	return t.scan(ctx, before, from, last)
}

func (t *Turn) duty() *Duty { return &t.shared.duty }

// scan translates a checkpoint of the own store into one of the stream, for the messages up to last.
func (t *Turn) scan(ctx context.Context, before receiver.Checkpoint, from, last int64) (p receiver.Checkpoint, err error) {
	var open []int64
	at := from
	for read := uint64(from); read < uint64(last); read, _ = t.feed.progress() {
		if err := t.feed.wait(ctx, uint64(at)); err != nil {
			return p, err
		}
		page, err := t.feed.ready(ctx, uint64(at), pageOfFeed)
		if err != nil {
			return p, err
		}
		for _, e := range page {
			at = e.Seq
			if k, _ := t.feed.of(at); at <= last && !t.shared.wasDone(k.seq) && !before.Covers(k.seq) && !t.team.IsHistory(e) {
				open = append(open, at)
			}
		}
	}
	return without(last, open), nil
}

// without is the checkpoint with which all events up to last are done, but for some.
func without(last int64, open []int64) (p receiver.Checkpoint) {
	if len(open) == 0 {
		return receiver.Checkpoint{Cursor: last}
	}
	p.Cursor = open[0] - 1
	for i, seq := range open {
		next := last + 1
		if i+1 < len(open) {
			next = open[i+1]
		}
		if seq+1 < next {
			p.Done = append(p.Done, receiver.Span{First: seq + 1, Last: next - 1})
		}
	}
	return p
}
