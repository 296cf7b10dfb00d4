package notify

import (
	"context"
	"errors"
	"sync"
)

// Run sends messages about the deliveries that arrive from now on, until ctx ends or the
// log is closed. It returns nil if ctx ended, and an error that wraps receiver.ErrClosed
// if the log was closed. When it returns, all its goroutines have ended; they take at most
// two seconds for that. Without rules it returns nil at once.
func Run(ctx context.Context, o Options) error {
	if err := o.check(); err != nil || len(o.Rules) == 0 {
		return err
	}
	o = o.withDefaults()
	if err := o.findPlaces(ctx); err != nil {
		return err
	}
	gathering := follower{log: o.Log, logger: o.Logger, after: o.After}
	var notifiers sync.WaitGroup
	defer notifiers.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var readers []func(context.Context) error
	var gathered []string
	for i := range o.Rules {
		r := &o.Rules[i]
		var summaries []taker
		for _, a := range r.Do {
			if r.Every == 0 && a.Persistent() {
				readers = append(readers, newSingle(&o, r, a).run)
				continue
			}
			n := newNotifier(&o, r, a)
			gathering.caughtUp = func(ctx context.Context) { n.caughtUp(ctx, gathering.event) }
			gathered = append(gathered, n.place)
			summaries = append(summaries, n)
			notifiers.Go(func() { n.run(ctx) })
		}
		if len(summaries) > 0 {
			gathering.rules = append(gathering.rules, newRule(&o, r, summaries...))
		}
	}
	if len(gathering.rules) > 0 {
		gathering.from = o.unsent.earliest(gathered...)
		readers = append(readers, gathering.run)
	}
	return runAll(ctx, readers)
}

// runAll runs all functions at once, and returns their errors.
func runAll(ctx context.Context, all []func(context.Context) error) error {
	errs := make(chan error, len(all))
	for _, f := range all {
		go func() { errs <- f(ctx) }()
	}
	var err error
	for range all {
		err = errors.Join(err, <-errs)
	}
	return err
}
