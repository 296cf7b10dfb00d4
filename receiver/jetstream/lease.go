package jetstream

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// lease is the right to do a piece of work. It is an entry of a bucket that goes away unless it is
// renewed. The holder trusts its own clock only, which no one sets: the lease ends for it some time
// before the server deletes the entry.
type lease struct {
	bucket jetstream.KeyValue
	key    string
	value  []byte // says who has it; no other run of a program has the same
	lasts  time.Duration
	clock  func() time.Duration

	revision uint64 // of the entry
	fence    uint64 // the revision with which the lease was taken
	asked    time.Duration

	mu    sync.Mutex
	until time.Duration
}

// errLate is why a lease ends that could not be renewed.
var errLate = errors.New("the lease of this member could not be renewed in time")

// take takes a lease. It is nil if another member has it. An entry that this run wrote is taken
// over: its connection was lost meanwhile.
func take(ctx context.Context, b *buckets, key string, value []byte, clock func() time.Duration) (*lease, error) {
	l := &lease{bucket: b.team, key: key, value: value, lasts: b.lasts, clock: clock, asked: clock()}
	revision, err := b.team.Create(ctx, key, value)
	if errors.Is(err, jetstream.ErrKeyExists) {
		if revision, err = l.own(ctx); err != nil || revision == 0 {
			return nil, err
		}
		l.asked = clock()
		if revision, err = b.team.Update(ctx, key, value, revision); errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
			return nil, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("take the lease: %s", brief(err))
	}
	l.fence = revision
	l.extend(revision)
	return l, nil
}

// own returns the revision of the entry if this run wrote it, else 0.
func (l *lease) own(ctx context.Context) (uint64, error) {
	e, err := l.bucket.Get(ctx, l.key)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("look who has the lease: %s", brief(err))
	case string(e.Value()) != string(l.value):
		return 0, nil
	default:
		return e.Revision(), nil
	}
}

// extend notes a revision that was asked for at l.asked. The server began to count later.
func (l *lease) extend(revision uint64) {
	l.revision = revision
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = l.asked + l.lasts*4/5
}

// left is how long the lease lasts, by the own clock.
func (l *lease) left() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.until - l.clock()
}

func (l *lease) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = 0
}

// keep renews the lease until it is lost, which it says, or ctx ends.
func (l *lease) keep(ctx context.Context) error {
	for {
		if !retry.Sleep(ctx, min(l.lasts/4, max(0, l.left()))) {
			return ctx.Err()
		}
		left := l.left()
		if left <= 0 {
			return errLate
		}
		if err := l.renew(ctx, min(left, l.lasts/4)); err != nil {
			return err
		}
	}
}

// renew tries to renew the lease. An error means that another member may have it.
func (l *lease) renew(ctx context.Context, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if !l.update(ctx) {
		return nil // there is time for other tries
	}
	// An earlier try may have come through although its answer was lost.
	revision, err := l.own(ctx)
	switch {
	case err != nil:
	case revision == 0:
		l.end()
		return receiver.ErrTakenOver
	default:
		l.revision = revision
		l.update(ctx)
	}
	return nil
}

// update writes the entry again. It reports whether the entry is not the one that is known.
func (l *lease) update(ctx context.Context) (differs bool) {
	l.asked = l.clock()
	revision, err := l.bucket.Update(ctx, l.key, l.value, l.revision)
	if err == nil {
		l.extend(revision)
	}
	return errors.Is(err, jetstream.ErrKeyRevisionMismatch)
}

// release gives the lease back, if it is still there.
func (l *lease) release(ctx context.Context) {
	l.end()
	_ = l.bucket.Delete(ctx, l.key, jetstream.LastRevision(l.revision)) // it goes away by itself, too
}
