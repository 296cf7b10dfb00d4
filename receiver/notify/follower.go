package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// readAgain is the wait after the log could not be read.
const readAgain = 5 * time.Second

// follower reads the deliveries that arrive in a log.
type follower struct {
	log    receiver.Reader
	logger *slog.Logger
	rules  []*rule

	after *receiver.Counts // what is not new; nil: what the log has at the start
	from  *int64           // the last event that is not new, instead of that of after; may be nil
	// caughtUp is called when all that the log has was read. It may be nil.
	caughtUp func(context.Context)
	version  receiver.Version // of the log when it was last read; 0 before that
	started  bool
	// event and rejected are the Seq of the last event and rejected delivery that were
	// read.
	event, rejected int64
}

func (f *follower) run(ctx context.Context) error {
	failing := false
	for {
		err := f.step(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, receiver.ErrClosed):
			return fmt.Errorf("read the deliveries to notify of: %w", err)
		case err != nil && !failing:
			f.logger.Error("can't read the deliveries to notify of; trying again", "error", err)
		case err == nil && failing:
			f.logger.Info("the deliveries to notify of can be read again")
		}
		if failing = err != nil; failing && !retry.Sleep(ctx, readAgain) {
			return nil
		}
	}
}

// step waits for deliveries and reads them. The first step finds out where to start, and
// reads without waiting.
func (f *follower) step(ctx context.Context) error {
	version, err := f.log.Wait(ctx, f.version)
	if err != nil {
		return err
	}
	if err := f.start(ctx); err != nil {
		return err
	}
	if err := f.readNew(ctx); err != nil {
		return err
	}
	if f.caughtUp != nil {
		f.caughtUp(ctx)
	}
	f.version = version
	return nil
}

// readNew passes all deliveries to the rules that are new.
func (f *follower) readNew(ctx context.Context) error {
	if err := f.read(ctx, &f.event, false); err != nil {
		return err
	}
	if slices.ContainsFunc(f.rules, func(r *rule) bool { return r.all }) {
		return f.read(ctx, &f.rejected, true)
	}
	return nil
}

// finish reads what is left when the context of run has ended.
func (f *follower) finish(ctx context.Context) error {
	if !f.started && f.after == nil {
		return nil
	}
	if err := f.start(ctx); err != nil {
		return err
	}
	return f.readNew(ctx)
}

// start sets where to start, once. The caller has read the version before, so that the next
// Wait returns at once if a delivery arrives in between.
func (f *follower) start(ctx context.Context) error {
	if f.started {
		return nil
	}
	after := f.after
	if after == nil {
		c, err := f.log.Counts(ctx)
		if err != nil {
			return err
		}
		after = &c
	}
	f.event, f.rejected = after.LastSeq, after.LastRejected
	if f.from != nil {
		f.event = min(f.event, *f.from)
	}
	f.started = true
	return nil
}

// read passes the deliveries after a Seq to the rules, and moves the Seq.
func (f *follower) read(ctx context.Context, after *int64, rejected bool) error {
	for events, err := range receiver.Pages(ctx, f.log, receiver.EventQuery{After: *after, Oldest: true, Rejected: rejected}) {
		if err != nil {
			return err
		}
		for _, e := range events {
			for _, r := range f.rules {
				if err := r.add(ctx, e); err != nil {
					return err
				}
			}
			*after = e.Seq
		}
	}
	return nil
}
