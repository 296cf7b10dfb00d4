package receivertest

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Log is a receiver.Log in memory. It is safe for concurrent use and starts no
// goroutine. Unlike a durable log it gives out its own events: don't change them.
type Log struct {
	checkpoints

	mu       sync.Mutex
	events   []*receiver.Event
	rejected []*receiver.Event
	board    *receiver.RowSet
	rows     []*receiver.Row
	counts   receiver.Counts
	version  receiver.Version
	changed  chan struct{}
	err      error // what each call returns
	failing  int   // how many calls return err; -1: all
	reads    int
}

var (
	_ receiver.Log        = (*Log)(nil)
	_ receiver.Admissions = (*Log)(nil)
	_ receiver.Placer     = (*Log)(nil)
)

// NewLog makes a log that holds some events.
func NewLog(events ...*receiver.Event) *Log {
	l := &Log{board: receiver.NewRowSet(), version: 1, changed: make(chan struct{})}
	l.Add(events...)
	return l
}

// Add stores events, those with the verdict Rejected among the rejected deliveries,
// and sets Seq in each of them. The log keeps a copy. Add stores duplicates too; see
// Append.
func (l *Log) Add(events ...*receiver.Event) {
	if len(events) == 0 {
		return
	}
	l.change(func() {
		for _, e := range events {
			l.add(e)
		}
	})
}

// Append stores an event as Add does. An event with the message id and the body of a
// stored one of the same trust is a duplicate; with another body it conflicts with that
// one. An error of Fail is returned.
func (l *Log) Append(_ context.Context, e *receiver.Event) (receipt receiver.Receipt, err error) {
	l.change(func() {
		if err = l.failure(); err != nil {
			return
		}
		c := *e
		for _, old := range l.sameMessage(e) {
			if bytes.Equal(old.Raw, e.Raw) {
				l.counts.Duplicates++
				l.counts.LastArrival = e.ReceivedAt
				receipt = receiver.Receipt{Seq: old.Seq, Duplicate: true}
				return
			}
			if c.ConflictsWith == 0 {
				c.ConflictsWith = old.Seq
			}
		}
		l.add(&c)
		receipt.Seq, receipt.ConflictsWith = c.Seq, c.ConflictsWith
	})
	return receipt, err
}

// sameMessage returns the stored events of the same trust that have the event's message
// id.
func (l *Log) sameMessage(e *receiver.Event) (same []*receiver.Event) {
	for _, old := range l.events {
		if e.MessageID != "" && old.MessageID == e.MessageID && old.Verdict.Trust() == e.Verdict.Trust() {
			same = append(same, old)
		}
	}
	return same
}

// Reject stores an event among the rejected deliveries.
func (l *Log) Reject(e *receiver.Event) {
	c := *e
	c.Verdict = receiver.Rejected
	l.Add(&c)
}

// CountUnmatched counts a request that was no delivery.
func (l *Log) CountUnmatched() { l.change(func() { l.counts.Unmatched++ }) }

// Admit implements receiver.Admissions.
func (l *Log) Admit(ctx context.Context, events ...*receiver.Event) ([]receiver.Receipt, error) {
	receipts := make([]receiver.Receipt, len(events))
	for i, e := range events {
		l.change(func() {
			before := len(l.rejected)
			l.rejected = slices.DeleteFunc(l.rejected, func(r *receiver.Event) bool { return r.Seq == e.Rejection })
			receipts[i].Gone = len(l.rejected) == before
		})
		if receipts[i].Gone {
			continue
		}
		var err error
		if receipts[i], err = l.Append(ctx, e); err != nil {
			return nil, err
		}
	}
	return receipts, nil
}

// Duplicate counts a duplicate that came at a time.
func (l *Log) Duplicate(at time.Time) {
	l.change(func() {
		l.counts.Duplicates++
		l.counts.LastArrival = at
	})
}

// Delete deletes events, as retention does. It keeps their rows.
func (l *Log) Delete(seqs ...int64) {
	l.change(func() {
		before := len(l.events)
		l.events = slices.DeleteFunc(l.events, func(e *receiver.Event) bool { return slices.Contains(seqs, e.Seq) })
		l.counts.Deleted += int64(before - len(l.events))
	})
}

// Fail makes each call return err from now on, until Fail(nil). A waiting call
// returns at once.
func (l *Log) Fail(err error) { l.FailTimes(-1, err) }

// FailTimes makes the next n calls return err. Calls of Wait neither fail nor count,
// unless n is negative: then all calls fail.
func (l *Log) FailTimes(n int, err error) {
	l.change(func() { l.err, l.failing = err, n })
}

// Close makes each call return receiver.ErrClosed.
func (l *Log) Close() error {
	l.Fail(receiver.ErrClosed)
	return nil
}

// Reads returns how many calls of Events, Next, Rows, Row and Counts there were.
func (l *Log) Reads() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reads
}

func (l *Log) change(how func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	how()
	l.version++
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *Log) failure() error {
	if l.err == nil || l.failing == 0 {
		return nil
	}
	l.failing = max(l.failing-1, -1)
	return l.err
}

func (l *Log) add(e *receiver.Event) {
	c := &l.counts
	c.LastArrival = e.ReceivedAt
	if e.ConflictsWith != 0 {
		c.Conflicts++
	}
	switch e.Verdict {
	case receiver.Verified:
		c.Verified++
	case receiver.Trusted:
		c.Trusted++
	case receiver.Partial:
		c.Partial++
	case receiver.Unsigned:
		c.Unsigned++
	default:
		c.Rejected++
		c.LastRejected = c.Rejected
		e.Seq = c.Rejected
		kept := *e
		l.rejected = append(l.rejected, &kept)
		return
	}
	c.LastSeq++
	e.Seq = c.LastSeq
	kept := *e
	l.events = append(l.events, &kept)
	l.applyToRows(&kept)
}

func (l *Log) applyToRows(e *receiver.Event) {
	rows := l.board.Len()
	r := l.board.Apply(e)
	if l.board.Len() == rows {
		return
	}
	l.rows = append(l.rows, r)
	l.counts.Rows.Add(r.Kind, 1)
}
