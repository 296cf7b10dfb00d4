package jetstream

import (
	"context"
	"errors"
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

// take takes a lease. It is nil if another member has it, or may have it still. An entry that this run
// wrote is taken over: its connection was lost meanwhile.
func take(ctx context.Context, b *buckets, key string, value []byte, clock func() time.Duration, r *rival) (*lease, error) {
	l := &lease{bucket: b.team, key: key, value: value, lasts: b.lasts, clock: clock}
	e, err := b.team.Get(ctx, key)
	now := clock()
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		if r.gone(now, b.lasts); now < max(r.free, b.free) {
			return nil, nil
		}
	case err != nil:
		return nil, bucketError("look who has the lease", err)
	case string(e.Value()) == released:
		*r = rival{}
	case string(e.Value()) != string(value):
		r.saw(e.Created(), now-max(0, b.now().Sub(e.Created())))
		return nil, nil
	}
	l.asked = now
	var revision uint64
	if err != nil {
		revision, err = b.team.Create(ctx, key, value)
	} else {
		revision, err = b.team.Update(ctx, key, value, e.Revision())
	}
	switch {
	case errors.Is(err, jetstream.ErrKeyExists), errors.Is(err, jetstream.ErrKeyRevisionMismatch):
		return nil, nil // another member was faster
	case err != nil:
		return nil, bucketError("take the lease", err)
	}
	l.fence = revision
	l.extend(revision)
	return l, nil
}

// released is the value of a lease that was given back.
const released = "{}"

// rival is what is known of the lease of another member. If somebody deletes the entry or the bucket,
// that one does not know it, and goes on until its lease ends by its own clock.
type rival struct {
	written time.Time     // when the last entry that was seen was written; zero: none was seen
	since   time.Duration // the same by the own clock, as far as is known
	free    time.Duration // the lease may be taken from then on
}

func (r *rival) saw(written time.Time, since time.Duration) {
	if !r.written.Equal(written) {
		r.written, r.since = written, since
	}
}

// gone notes that there is no entry. One that was written not so long ago has not ended by itself.
func (r *rival) gone(now, lasts time.Duration) {
	if !r.written.IsZero() && now-r.since < lasts*4/5 {
		r.free = now + lasts
	}
	r.written = time.Time{}
}

// own returns the revision of the entry if this run wrote it, else 0.
func (l *lease) own(ctx context.Context) (uint64, error) {
	e, err := l.bucket.Get(ctx, l.key)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		return 0, nil
	case err != nil:
		return 0, bucketError("look who has the lease", err)
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

// release gives the lease back, if it is still there. After its end it is another member's.
func (l *lease) release(ctx context.Context) {
	if l.left() > 0 {
		l.end()
		_, _ = l.bucket.Update(ctx, l.key, []byte(released), l.revision) // it goes away by itself, too
	}
}
