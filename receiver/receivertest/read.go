package receivertest

import (
	"cmp"
	"context"
	"slices"

	"github.com/up42/up42-webhooks/receiver"
)

// defaultLimit is the size of a page that names no limit.
const defaultLimit = 100

// Next implements receiver.Reader.
func (l *Log) Next(ctx context.Context, after int64, most int) ([]*receiver.Event, error) {
	for {
		seen, err := l.Wait(ctx, 0)
		if err != nil {
			return nil, err
		}
		page, err := l.Events(ctx, receiver.EventQuery{After: after, Limit: most, Oldest: true})
		if len(page) > 0 || err != nil {
			return page, err
		}
		if _, err = l.Wait(ctx, seen); err != nil {
			return nil, err
		}
	}
}

// Wait implements receiver.Reader.
func (l *Log) Wait(ctx context.Context, seen receiver.Version) (receiver.Version, error) {
	for {
		l.mu.Lock()
		version, changed, err := l.version, l.changed, l.err
		if l.failing >= 0 {
			err = nil
		}
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

// Events implements receiver.Reader.
func (l *Log) Events(_ context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
	defer l.mu.Unlock()
	if err := l.read(); err != nil {
		return nil, err
	}
	all := l.events
	if q.Rejected {
		all = l.rejected[max(0, len(l.rejected)-receiver.RejectedKept):]
	}
	var page []*receiver.Event
	for _, e := range all {
		if within(e.Seq, q.After, q.Before) && !e.ReceivedAt.Before(q.Since) {
			page = append(page, e)
		}
	}
	if !q.Oldest {
		slices.Reverse(page)
	}
	page = page[:min(len(page), limitOf(q.Limit))]
	room := receiver.PageBytes
	for i, e := range page {
		if room -= e.Size(); room <= 0 {
			page = page[:i+1]
			break
		}
	}
	if !q.Oldest {
		slices.Reverse(page)
	}
	return page, nil
}

// Places implements receiver.Placer.
func (l *Log) Places(_ context.Context, after int64) (places []receiver.Place, err error) {
	defer l.mu.Unlock()
	if err := l.read(); err != nil {
		return nil, err
	}
	for i, e := range l.events {
		if e.Admitted.IsZero() || e.Seq <= after {
			continue
		}
		p := receiver.Place{Seq: e.Seq, At: e.ReceivedAt}
		for _, other := range l.events[:i] {
			if !other.Entered().After(e.ReceivedAt) {
				p.After = other.Seq
			}
		}
		places = append(places, p)
	}
	return places, nil
}

// Rows implements receiver.Reader.
func (l *Log) Rows(_ context.Context, q receiver.RowQuery) ([]receiver.Row, error) {
	defer l.mu.Unlock()
	if err := l.read(); err != nil {
		return nil, err
	}
	var page []receiver.Row
	for _, r := range l.rows {
		if (q.Kind == "" || r.Kind == q.Kind) && within(r.Seq, q.After, q.Before) {
			page = append(page, copyOf(r, q.Updates))
		}
	}
	slices.SortFunc(page, func(a, b receiver.Row) int { return cmp.Compare(b.Seq, a.Seq) })
	return page[:min(len(page), limitOf(q.Limit))], nil
}

// Row implements receiver.Reader.
func (l *Log) Row(_ context.Context, k receiver.Key) (receiver.Row, bool, error) {
	defer l.mu.Unlock()
	if err := l.read(); err != nil {
		return receiver.Row{}, false, err
	}
	r := l.board.Row(k)
	if r == nil {
		return receiver.Row{}, false, nil
	}
	return copyOf(r, true), true, nil
}

// Counts implements receiver.Reader.
func (l *Log) Counts(context.Context) (receiver.Counts, error) {
	defer l.mu.Unlock()
	if err := l.read(); err != nil {
		return receiver.Counts{}, err
	}
	return l.counts, nil
}

// read locks the log; the caller unlocks it.
func (l *Log) read() error {
	l.mu.Lock()
	l.reads++
	return l.failure()
}

func within(seq, after, before int64) bool {
	return seq > after && (before == 0 || seq < before)
}

func limitOf(n int) int { return cmp.Or(n, defaultLimit) }

func copyOf(r *receiver.Row, points bool) receiver.Row {
	c := *r
	c.Updates, c.Tasks = nil, slices.Clone(r.Tasks)
	if points {
		c.Updates = slices.Clone(r.Updates)
	}
	return c
}
