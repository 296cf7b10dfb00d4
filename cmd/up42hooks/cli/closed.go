package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sync/errgroup"

	"github.com/up42/up42-webhooks/tui/console"
)

// UntilOutputCloses returns a context that ends by a signal, or when stdout is
// closed at its other end: then writing fails with EPIPE, and no signal ends the program.
// The caller calls stop, which waits for its goroutine.
func (env Env) UntilOutputCloses(ctx context.Context) (_ context.Context, stop func() error) {
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	ctx, unregister := env.UntilSignal(ctx)
	ctx, cancel := context.WithCancel(ctx)
	var watching errgroup.Group
	watching.Go(func() error { return EndOnClosedOutput(ctx, env.Stdout, cancel) })
	return ctx, func() error {
		cancel()
		unregister()
		signal.Stop(broken)
		return watching.Wait()
	}
}

// silent is an error about which the user is not told.
type silent struct{ error }

func (silent) Error() string { return "" }

func (s silent) Unwrap() error { return s.error }

// Interruptible calls do with a context that ends by a signal. When stdout is closed at its
// other end, writing fails instead of ending the program at once. So do closes what it has
// open in each case. The program then ends silently with the exit code of SIGPIPE, or with an
// error which says that not everything was printed.
func (env Env) Interruptible(ctx context.Context, do func(context.Context) error) error {
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	ctx, stop := env.UntilSignal(ctx)
	err := do(ctx)
	interrupted := ctx.Err() != nil
	stop()
	signal.Stop(broken)
	switch {
	case errors.Is(err, errClosedOutput):
		return silent{errClosedOutput}
	case interrupted && errors.Is(err, context.Canceled):
		return Failed("interrupted: what was printed, if anything, is not all")
	}
	return err
}

// EndOnClosedOutput calls end when out is closed at its other end. It returns
// then, or when ctx ends. Without it, `listen | head -1` would end only with the
// next event.
func EndOnClosedOutput(ctx context.Context, out io.Writer, end func()) error {
	f := FileOf(out)
	if f == nil {
		return nil
	}
	closed, wait, err := watchClosed(ctx, f)
	if err != nil {
		return fmt.Errorf("watch the output: %w", err)
	}
	defer wait()
	select {
	case <-ctx.Done():
	case <-closed:
		end()
	}
	return nil
}

// watchClosed returns a channel that is closed when nobody can read from f any
// more: the other end of its pipe is closed, or its terminal is gone. It watches
// until ctx ends; wait returns when it has stopped.
func watchClosed(ctx context.Context, f *os.File) (closed <-chan struct{}, wait func(), err error) {
	wakeRead, wakeWrite, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	gone, done := make(chan struct{}), make(chan struct{})
	stop := context.AfterFunc(ctx, func() { _ = wakeWrite.Close() })
	go func() {
		defer close(done)
		defer wakeRead.Close()
		if console.AwaitClosed(f, wakeRead) {
			close(gone)
		}
	}()
	return gone, func() {
		if stop() {
			_ = wakeWrite.Close()
		}
		<-done
	}, nil
}
