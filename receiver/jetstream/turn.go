package jetstream

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
)

// Turn is what a member needs to do a duty while it is its turn. It is the log of the team, with the
// events in the order of the stream, and the duty's checkpoint, which all members share. The Seq of an
// event is its number in the stream; see Local. Its methods are safe for concurrent use, but only
// one goroutine may read the log.
type Turn struct {
	team   *Team
	name   string
	stream string
	era    string
	lease  *lease
	feed   *feed
	fail   func(error) // ends the turn
	shared *Shared
	began  time.Time // when the team began the duty

	mu     sync.Mutex
	places *places
}

var (
	_ receiver.Reader      = (*Turn)(nil)
	_ receiver.Checkpoints = (*Turn)(nil)
)

// forgiven is how much earlier than the beginning of a duty an event may have come that is not
// history for it: clocks differ, and a receiver may have been alone for some time.
const forgiven = 24 * time.Hour

// Check returns an error unless it is still this member's turn. Call it immediately before anything
// is done that another member must not do as well. After an error the context of the turn ends.
func (t *Turn) Check() error {
	if t.lease.left() <= 0 {
		t.fail(errLate)
		return receiver.ErrTakenOver
	}
	return nil
}

// Left is how long it is certainly this member's turn.
func (t *Turn) Left() time.Duration { return t.lease.left() }

// Local returns an event of the turn as the own store has it: with the number that it has there.
func (t *Turn) Local(e *receiver.Event) *receiver.Event {
	k, ok := t.feed.of(e.Seq)
	if !ok {
		return e
	}
	own := *e
	own.Seq = k.seq
	return &own
}

// IsNews reports whether something is to be done about an event of the turn: no member was done with
// it before the team had it, and it is not much older than the duty.
func (t *Turn) IsNews(e *receiver.Event) bool {
	k, ok := t.feed.of(e.Seq)
	return !(ok && t.shared.wasDone(k.seq)) && !slices.Contains(k.done, keyOf(t.name)) && !e.Entered().Before(t.began.Add(-forgiven))
}

// Next implements receiver.Reader.
func (t *Turn) Next(ctx context.Context, after int64, most int) ([]*receiver.Event, error) {
	return t.feed.next(ctx, uint64(after), most)
}

// Wait implements receiver.Reader. It waits for an event that was not read.
func (t *Turn) Wait(ctx context.Context, seen receiver.Version) (receiver.Version, error) {
	if seen == 0 {
		return 1, nil
	}
	p, _, err := t.Checkpoint(ctx, t.name)
	if err != nil {
		return 0, err
	}
	return seen + 1, t.feed.wait(ctx, max(uint64(p.Cursor), t.feed.from))
}

// Events implements receiver.Reader for the oldest events after one that are there already, and for a single
// event that was read.
func (t *Turn) Events(ctx context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
	switch {
	case q.Before == q.After+2:
		e, err := t.feed.again(ctx, q.After+1)
		if e == nil || err != nil {
			return nil, err
		}
		return []*receiver.Event{e}, nil
	case q.Rejected || !q.Oldest:
		return nil, nil
	default:
		return t.feed.ready(ctx, uint64(q.After), cmp.Or(q.Limit, 100))
	}
}

// Rows implements receiver.Reader: the stream has none.
func (t *Turn) Rows(context.Context, receiver.RowQuery) ([]receiver.Row, error) { return nil, nil }

// Row implements receiver.Reader: the stream has none.
func (t *Turn) Row(context.Context, receiver.Key) (r receiver.Row, ok bool, err error) {
	return r, false, nil
}

// Counts implements receiver.Reader, for the last event only.
func (t *Turn) Counts(context.Context) (receiver.Counts, error) {
	_, last := t.feed.progress()
	return receiver.Counts{LastSeq: int64(last)}, nil
}

// Checkpoint implements receiver.Checkpoints: there is the one of the duty.
func (t *Turn) Checkpoint(context.Context, string) (p receiver.Checkpoint, ok bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p, err = t.places.now.checkpoint()
	return p, true, err
}

// SaveCheckpoint implements receiver.Checkpoints. It is refused if another member has taken over. A place
// that can't be saved for another reason is remembered for the next turn of this member.
func (t *Turn) SaveCheckpoint(ctx context.Context, _ string, p receiver.Checkpoint) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	next := t.place(p)
	err := t.places.write(ctx, next)
	if err != nil {
		t.shared.unsaved = &unsaved{next, t.places.revision}
	}
	if !errors.Is(err, receiver.ErrTakenOver) || errors.Is(err, errDeleted) && t.lease.left() > 0 {
		t.shared.last = next
	}
	switch {
	case errors.Is(err, receiver.ErrTakenOver):
		t.lease.end()
		t.fail(err)
		return err
	case errors.Is(err, errGone):
		t.fail(err)
		return remembered{err}
	case err != nil:
		return remembered{err}
	}
	t.feed.forget(p.Cursor)
	_, last := t.feed.progress()
	t.shared.reached(next.Member, p, last)
	return nil
}

// remembered is the error of a place that is not saved yet, see begin.
type remembered struct{ error }

// Is makes it a receiver.ErrRemembered.
func (remembered) Is(target error) bool { return target == receiver.ErrRemembered }

// Unwrap returns why it is not saved.
func (r remembered) Unwrap() error { return r.error }

// place is a checkpoint as the bucket keeps it.
func (t *Turn) place(p receiver.Checkpoint) place {
	next := t.places.now
	next.Name, next.Stream, next.Member = t.name, t.stream, t.team.o.Member
	next.Era, next.Fence = t.era, t.lease.fence
	next.Cursor, next.Done = p.Cursor, codec.AppendSpans(nil, p.Cursor, p.Done)
	return next
}

// AddFailure implements receiver.Checkpoints. The list is that of the own store.
func (t *Turn) AddFailure(ctx context.Context, f receiver.Failure) error {
	k, ok := t.feed.of(f.Seq)
	if !ok {
		return nil
	}
	f.Seq = k.seq
	return t.team.o.Store.AddFailure(ctx, f)
}

// Failures implements receiver.Checkpoints. The numbers are those of the own store.
func (t *Turn) Failures(ctx context.Context, reader string) ([]receiver.Failure, error) {
	return t.team.o.Store.Failures(ctx, reader)
}

// RemoveFailure implements receiver.Checkpoints. The number is that of the own store.
func (t *Turn) RemoveFailure(ctx context.Context, reader string, seq int64) error {
	return t.team.o.Store.RemoveFailure(ctx, reader, seq)
}
