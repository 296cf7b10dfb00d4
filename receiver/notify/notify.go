package notify

import (
	"context"
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
	f := follower{log: o.Log, logger: o.Logger, after: o.After}
	var running sync.WaitGroup
	defer running.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for i := range o.Rules {
		r := newRule(&o, &o.Rules[i])
		f.rules = append(f.rules, r)
		for _, n := range r.notifiers {
			running.Go(func() { n.run(ctx) })
		}
	}
	return f.run(ctx)
}
