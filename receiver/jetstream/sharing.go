package jetstream

import (
	"context"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

// keepSharing does the duties and shows this member, again after each failure, until ctx ends. A failure
// does not end the connection: events are published and read nevertheless.
func (t *Team) keepSharing(ctx context.Context, c *connection) {
	for failures := 1; ; failures++ {
		began := time.Now()
		allowed, end := c.refusals.watch(ctx, sharing.subjects())
		err := because(allowed, t.share(allowed, c))
		end()
		if ctx.Err() != nil {
			return
		}
		if len(t.duties) > 0 {
			t.status.failed(sharing, err)
		} else if failures == 1 {
			t.status.log.Info("the members of the team are not shown", "reason", err)
		}
		if time.Since(began) >= steady {
			failures = 1
		}
		if !retry.Sleep(ctx, retry.Jitter(retry.Backoff(failures, time.Second, 30*time.Second))) {
			return
		}
	}
}

// share does the duties, and shows this member, until ctx ends or one of them fails.
func (t *Team) share(ctx context.Context, c *connection) error {
	b, err := t.o.openBuckets(ctx, c.js, c.stream.CachedInfo().Config.Replicas)
	if err != nil {
		return err
	}
	b.now = c.clock.now
	if made := c.stream.CachedInfo().Created; b.made.Sub(made) > b.lasts && b.age < b.lasts {
		b.free = t.o.clock() + b.lasts - b.age // it is not the first one: who had a lease of that may not know it yet
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	defer t.crew.reset(b.lasts) // when appear has ended, which asks whether this member is known
	var working sync.WaitGroup
	working.Go(func() { end(t.crew.follow(ctx, c, b)) })
	working.Go(func() { t.appear(ctx, c, b) })
	for _, s := range t.duties {
		working.Go(func() { end(s.run(ctx, c, b)) })
	}
	working.Wait()
	return context.Cause(ctx)
}
