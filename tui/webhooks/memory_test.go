package webhooks_test

import (
	"context"
	"sync"

	"github.com/up42/up42-webhooks/receiver"
)

// memory is a Reader over what a test puts into it.
type memory struct {
	receiver.Reader // what a round trip does not need

	mu       sync.Mutex
	accepted []*receiver.Event
	rejected []*receiver.Event
	version  receiver.Version
	changed  chan struct{}
}

func newMemory() *memory { return &memory{version: 1, changed: make(chan struct{})} }

func (l *memory) add(e *receiver.Event, rejected bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	to := &l.accepted
	if rejected {
		to, e.Verdict = &l.rejected, receiver.Rejected
	}
	e.Seq = int64(len(*to)) + 1
	*to = append(*to, e)
	l.version++
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *memory) Wait(ctx context.Context, seen receiver.Version) (receiver.Version, error) {
	for {
		l.mu.Lock()
		version, changed := l.version, l.changed
		l.mu.Unlock()
		if version != seen {
			return version, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

func (l *memory) Events(_ context.Context, q receiver.EventQuery) (page []*receiver.Event, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.accepted
	if q.Rejected {
		all = l.rejected
	}
	for _, e := range all {
		if e.Seq > q.After {
			page = append(page, e)
		}
	}
	return page, nil
}

func (l *memory) Counts(context.Context) (c receiver.Counts, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.LastSeq, c.LastRejected = int64(len(l.accepted)), int64(len(l.rejected))
	return c, nil
}
