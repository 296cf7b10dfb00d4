package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

const (
	// page is how many deliveries are held at a time: a body may have a megabyte.
	page = 64
	// pause is how long it waits before a log is asked again that gave no answer.
	pause = 5 * time.Second
)

// follower reads what comes into a log.
type follower struct {
	o       *Options
	rules   []rule
	version receiver.Version // 0: not begun
	// The places up to which all is read.
	event, rejected int64
	wantsRejected   bool
}

func (o *Options) follow(ctx context.Context, rules []rule) error {
	f := follower{o: o, rules: rules}
	for i := range rules {
		f.wantsRejected = f.wantsRejected || rules[i].any
	}
	failing := false
	for {
		err := f.step(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, receiver.ErrClosed):
			return fmt.Errorf("read what to tell of: %w", err)
		case err != nil && !failing:
			o.Logger.Error("can't read what to tell of; trying again", "error", err)
		case err == nil && failing:
			o.Logger.Info("what to tell of can be read again")
		}
		if failing = err != nil; failing && !sleep(ctx, pause) {
			return nil
		}
	}
}

// step waits for what is new and reads it, or finds out where to begin.
func (f *follower) step(ctx context.Context) error {
	if f.version == 0 {
		return f.begin(ctx)
	}
	version, err := f.o.Log.Wait(ctx, f.version)
	if err != nil {
		return err
	}
	if err := f.read(ctx, &f.event, false); err != nil {
		return err
	}
	if f.wantsRejected {
		if err := f.read(ctx, &f.rejected, true); err != nil {
			return err
		}
	}
	f.version = version
	return nil
}

// begin asks for the version before the counts, so that what comes in between
// is not waited for.
func (f *follower) begin(ctx context.Context) error {
	version, err := f.o.Log.Wait(ctx, 0)
	if err != nil {
		return err
	}
	c, err := f.o.Log.Counts(ctx)
	if err != nil {
		return err
	}
	f.event, f.rejected, f.version = c.LastSeq, c.LastRejected, version
	return nil
}

// read tells of what lies after a place, and moves it along.
func (f *follower) read(ctx context.Context, place *int64, rejected bool) error {
	for {
		events, err := f.o.Log.Events(ctx, receiver.EventQuery{After: *place, Limit: page, Oldest: true, Rejected: rejected})
		if err != nil {
			return err
		}
		for _, e := range events {
			f.o.tell(f.rules, e)
			*place = e.Seq
		}
		if len(events) < page {
			return nil
		}
	}
}

// sleep is false where ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
