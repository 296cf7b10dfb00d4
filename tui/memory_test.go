package tui_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// memory is a Reader over what a test puts into it.
type memory struct {
	mu       sync.Mutex
	events   []*receiver.Event
	rejected []*receiver.Event
	board    *receiver.RowSet
	rows     map[receiver.Key]*receiver.Row
	counts   receiver.Counts
	version  receiver.Version
	changed  chan struct{}
	fail     error // what every call answers, if set
	reads    int
}

func newMemory() *memory {
	return &memory{board: receiver.NewRowSet(), rows: map[receiver.Key]*receiver.Row{}, version: 1, changed: make(chan struct{})}
}

// add appends a delivery, or remembers it as rejected. It gives it its place.
func (l *memory) add(events ...*receiver.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range events {
		l.addOne(e)
	}
	l.change()
}

func (l *memory) addOne(e *receiver.Event) {
	l.counts.LastArrival = e.ReceivedAt
	switch e.Verdict {
	case receiver.Verified:
		l.counts.Verified++
	case receiver.Trusted:
		l.counts.Trusted++
	case receiver.Partial:
		l.counts.Partial++
	case receiver.Unsigned:
		l.counts.Unsigned++
	default:
		l.counts.Rejected++
		e.Seq = l.counts.Rejected
		l.counts.LastRejected = e.Seq
		l.rejected = append(l.rejected, e)
		return
	}
	e.Seq = l.counts.LastSeq + 1
	l.counts.LastSeq = e.Seq
	l.events = append(l.events, e)
	if r := l.board.Apply(e); r != nil {
		if l.rows[r.Key] == nil {
			l.counts.Rows.Add(r.Kind, 1)
		}
		l.rows[r.Key] = r
	}
}

func (l *memory) duplicate(at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts.Duplicates++
	l.counts.LastArrival = at
	l.change()
}

func (l *memory) setFailure(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fail = err
	l.change()
}

func (l *memory) change() {
	l.version++
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *memory) lock() error {
	l.mu.Lock()
	l.reads++
	return l.fail
}

func (l *memory) Next(context.Context, int64, int) ([]*receiver.Event, error) {
	panic("the screen does not use Next")
}

func (l *memory) Wait(ctx context.Context, seen receiver.Version) (receiver.Version, error) {
	for {
		l.mu.Lock()
		version, changed, err := l.version, l.changed, l.fail
		l.mu.Unlock()
		if err != nil || version != seen {
			return version, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

func (l *memory) Events(_ context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
	defer l.mu.Unlock()
	if err := l.lock(); err != nil {
		return nil, err
	}
	all := l.events
	if q.Rejected {
		all = l.rejected[max(0, len(l.rejected)-receiver.RejectedKept):]
	}
	var out []*receiver.Event
	for _, e := range all {
		if e.Seq > q.After && (q.Before == 0 || e.Seq < q.Before) && !e.ReceivedAt.Before(q.Since) {
			out = append(out, e)
		}
	}
	if limit := limitOf(q.Limit); len(out) > limit {
		if q.Oldest {
			out = out[:limit]
		} else {
			out = out[len(out)-limit:]
		}
	}
	return slices.Clone(out), nil
}

func (l *memory) Rows(_ context.Context, q receiver.RowQuery) ([]receiver.Row, error) {
	defer l.mu.Unlock()
	if err := l.lock(); err != nil {
		return nil, err
	}
	var out []receiver.Row
	for _, r := range l.rows {
		if (q.Kind == "" || r.Kind == q.Kind) && r.Seq > q.After && (q.Before == 0 || r.Seq < q.Before) {
			c := *r
			c.Updates = nil
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b receiver.Row) int { return int(b.Seq - a.Seq) })
	return out[:min(len(out), limitOf(q.Limit))], nil
}

func limitOf(n int) int {
	if n == 0 {
		return 100
	}
	return n
}

func (l *memory) Row(_ context.Context, k receiver.Key) (receiver.Row, bool, error) {
	defer l.mu.Unlock()
	if err := l.lock(); err != nil {
		return receiver.Row{}, false, err
	}
	r, ok := l.rows[k]
	if !ok {
		return receiver.Row{}, false, nil
	}
	c := *r
	c.Updates = slices.Clone(r.Updates)
	return c, true, nil
}

func (l *memory) Counts(context.Context) (receiver.Counts, error) {
	defer l.mu.Unlock()
	if err := l.lock(); err != nil {
		return receiver.Counts{}, err
	}
	return l.counts, nil
}
