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
	"golang.org/x/sys/unix"
)

// hangup returns a channel that is closed when nobody is left to read what is
// written to f: the other end of its pipe was closed, or its terminal is gone.
// Without it `listen | head -1` would end only with the next event. It watches
// until ctx ends; wait returns once it has stopped.
func hangup(ctx context.Context, f *os.File) (gone <-chan struct{}, wait func(), err error) {
	wakeRead, wakeWrite, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	closed, done := make(chan struct{}), make(chan struct{})
	stop := context.AfterFunc(ctx, func() { _ = wakeWrite.Close() })
	go func() {
		defer close(done)
		defer wakeRead.Close()
		if hungUp(int(f.Fd()), int(wakeRead.Fd())) {
			close(closed)
		}
	}()
	return closed, func() {
		if stop() {
			_ = wakeWrite.Close()
		}
		<-done
	}, nil
}

// hungUp blocks until nobody reads from out (true) or the pipe behind wake is
// closed (false).
func hungUp(out, wake int) bool {
	// Errors and hang-ups are reported whether asked for or not.
	fds := []unix.PollFd{{Fd: int32(out)}, {Fd: int32(wake), Events: unix.POLLIN}}
	for {
		_, err := unix.Poll(fds, -1)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil, fds[1].Revents != 0:
			return false
		case fds[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0:
			return true
		case fds[0].Revents != 0:
			return false
		}
	}
}

// EndOnClosedOutput calls end when nobody reads from out any more.
func EndOnClosedOutput(ctx context.Context, out io.Writer, end func()) error {
	f, ok := out.(*os.File)
	if !ok {
		return nil
	}
	gone, wait, err := hangup(ctx, f)
	if err != nil {
		return fmt.Errorf("watch the output: %w", err)
	}
	defer wait()
	select {
	case <-ctx.Done():
	case <-gone:
		end()
	}
	return nil
}

// UntilOutputCloses makes a context that ends with a signal, or once what is
// printed is read no more. stop waits for the end of looking.
func (w Env) UntilOutputCloses(ctx context.Context) (_ context.Context, stop func() error) {
	ctx, unregister := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	ctx, cancel := context.WithCancel(ctx)
	var looking errgroup.Group
	looking.Go(func() error { return EndOnClosedOutput(ctx, w.Stdout, cancel) })
	return ctx, func() error {
		cancel()
		unregister()
		return looking.Wait()
	}
}
