package salvage

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/dedup"
	"github.com/up42/up42-webhooks/receiver/sqlite/exchange"
	"github.com/up42/up42-webhooks/receiver/sqlite/rowcache"
)

// write writes the parts of an export in their order.
func (s *sorted) write(ctx context.Context, x *exchange.Writer) error {
	if err := x.Begin(true); err != nil {
		return err
	}
	for _, part := range []func(context.Context, *exchange.Writer) error{
		s.writeMessages, s.writeEvents, s.writeRejected, s.writeRows, s.writeCheckpoints, s.writeFailures, s.writeJumps,
	} {
		if err := part(ctx, x); err != nil {
			return err
		}
	}
	return x.Put(exchange.Line{Counters: &s.counts})
}

// writeMessages writes the messages whose events retention has deleted. A message whose
// event is lost is left out: if UP42 sends it again, it is an event.
func (s *sorted) writeMessages(_ context.Context, x *exchange.Writer) error {
	keys := slices.SortedFunc(maps.Keys(s.messages), dedup.Key.Compare)
	for _, k := range keys {
		m := s.messages[k]
		if !isIn(s.deleted, m.Seq) {
			continue
		}
		if err := x.Put(exchange.Line{Message: &exchange.Message{Key: bytes.Clone(k[:]), Trust: m.Trust, Seq: m.Seq, Body: int64(m.Body)}}); err != nil {
			return err
		}
	}
	return nil
}

func isIn(spans []receiver.Span, seq int64) bool {
	_, found := slices.BinarySearchFunc(spans, seq, func(s receiver.Span, seq int64) int {
		switch {
		case s.Last < seq:
			return -1
		case s.First > seq:
			return 1
		default:
			return 0
		}
	})
	return found
}

func (s *sorted) writeEvents(ctx context.Context, x *exchange.Writer) error {
	return s.writeDeliveries(ctx, s.seqs, s.events, func(e *receiver.Event) error {
		return x.Put(exchange.Line{Event: exchange.EventOf(e)})
	})
}

func (s *sorted) writeRejected(ctx context.Context, x *exchange.Writer) error {
	seqs := seqsOf(s.rejected)
	seqs = seqs[max(0, len(seqs)-receiver.RejectedKept):]
	return s.writeDeliveries(ctx, seqs, s.rejected, func(e *receiver.Event) error {
		return x.Put(exchange.Line{Rejected: exchange.EventOf(e)})
	})
}

func (s *sorted) writeDeliveries(ctx context.Context, seqs []int64, places map[int64]place, put func(*receiver.Event) error) error {
	for _, seq := range seqs {
		if err := ctx.Err(); err != nil {
			return err
		}
		e, err := s.delivery(places[seq])
		if err != nil {
			return err
		}
		if err := put(e); err != nil {
			return err
		}
	}
	return nil
}

// writeRows writes the rows that the events make. A row of the store stays if more
// events have made it than are left. One that no event is about is damaged if all events
// are there, or the one that made it last.
func (s *sorted) writeRows(_ context.Context, x *exchange.Writer) error {
	next := int64(0)
	for _, r := range s.rows {
		next = max(next, r.Number)
	}
	var all []rowcache.Exported
	for _, k := range s.order {
		if k.Kind.Known() {
			all = append(all, s.foldedRow(k, &next))
		}
	}
	for k, r := range s.rows {
		if _, there := slices.BinarySearch(s.seqs, r.Seq); s.folded.Row(k) == nil && s.lacks && !there {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b rowcache.Exported) int { return cmp.Compare(a.Number, b.Number) })
	for i := range all {
		r := &all[i]
		r.Number = int64(i + 1)
		if r.Kind == receiver.Order {
			s.counts.Orders++
		} else {
			s.counts.Jobs++
		}
		line := exchange.Row{
			Number: r.Number, Kind: string(r.Kind), ID: exchange.Text(r.ID), Test: r.Test, Seq: r.Seq, State: r.State, Updates: r.Updates,
		}
		if err := x.Put(exchange.Line{Row: &line}); err != nil {
			return err
		}
	}
	return nil
}

// foldedRow is the row that the events make, or that of the store. next is the last
// number that was given to a row.
func (s *sorted) foldedRow(k receiver.Key, next *int64) rowcache.Exported {
	row := s.folded.Row(k)
	stored, ok := s.rows[k]
	decoded := receiver.Row{Key: k}
	if ok && s.lacks && codec.DecodeState(stored.State, &decoded) == nil && decoded.Events > row.Events {
		return stored
	}
	if !ok {
		*next++
		stored.Number = *next
	}
	return rowcache.Exported{
		Key: k, Number: stored.Number, Seq: row.Seq, State: codec.AppendState(nil, row), Updates: codec.AppendUpdates(nil, row.Updates),
	}
}

func (s *sorted) writeCheckpoints(_ context.Context, x *exchange.Writer) error {
	for _, name := range slices.Sorted(maps.Keys(s.checkpoints)) {
		if err := x.Put(exchange.Line{Checkpoint: exchange.CheckpointOf(name, s.checkpoints[name])}); err != nil {
			return err
		}
	}
	return nil
}

func (s *sorted) writeFailures(_ context.Context, x *exchange.Writer) error {
	slices.SortFunc(s.failures, func(a, b receiver.Failure) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Reader, b.Reader))
	})
	for i := range s.failures {
		if err := x.Put(exchange.Line{Failure: exchange.FailureOf(&s.failures[i])}); err != nil {
			return err
		}
	}
	return nil
}

func (s *sorted) writeJumps(_ context.Context, x *exchange.Writer) error {
	for _, number := range slices.Sorted(maps.Keys(s.jumps)) {
		jump := s.jumps[number]
		if err := x.Put(exchange.Line{ClockJump: &jump}); err != nil {
			return err
		}
	}
	return nil
}
