package daemon

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// Task is work beside the server. It ends with its context.
type Task func(context.Context) error

// startTasks starts tasks; stop ends them and returns their first error.
func startTasks(ctx context.Context, tasks []Task) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	var group errgroup.Group
	for _, t := range tasks {
		group.Go(func() error { return t(ctx) })
	}
	return func() error {
		cancel()
		return group.Wait()
	}
}
