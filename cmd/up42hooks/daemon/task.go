package daemon

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"

	"golang.org/x/sync/errgroup"
)

// Task is work beside the server. It ends with its context.
type Task func(context.Context) error

// loggingPanics returns the task with a log of its panics.
func (t Task) loggingPanics(logger *slog.Logger) Task {
	return func(ctx context.Context) error {
		defer logPanic(logger)
		return t(ctx)
	}
}

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

// logPanic logs a panic as one line, and ends the program with exit code 1: 2, that of Go, is for wrong
// usage, after which systemd does not start it again. It is deferred where each line of stderr is JSON;
// elsewhere Go's own words are better.
func logPanic(logger *slog.Logger) {
	if r := recover(); r != nil {
		logger.Error("the program has a bug, and ends", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		os.Exit(1)
	}
}
