package cli

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/receiver/process"
)

// echoTime is how long after the first signal the same one counts as its echo: timeout(1)
// sends its signal to the program and to the group of the program, and a window that is
// closed sends SIGHUP by the shell and by the system.
const echoTime = 200 * time.Millisecond

// UntilSignal returns a context that ends when somebody asks the program to end: by SIGINT,
// SIGTERM, or SIGHUP, which the end of a terminal sends. The caller calls stop. See
// [Env.UntilSignals].
func (env Env) UntilSignal(ctx context.Context) (_ context.Context, stop func()) {
	signals := []os.Signal{syscall.SIGINT, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		signals = append(signals, syscall.SIGHUP)
	}
	return env.UntilSignals(ctx, func() {}, signals...)
}

// UntilSignals returns a context that ends with the first of these signals. From then on the
// output waits only briefly for its reader, see [Output]. A second signal that is no echo of
// the first ends the program at once, after a call of atOnce. The caller calls stop.
func (env Env) UntilSignals(ctx context.Context, atOnce func(), signals ...os.Signal) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	if env.Inside {
		return ctx, cancel
	}
	came := make(chan os.Signal, 2) // neither is lost, however quickly the second comes
	signal.Notify(came, signals...)
	stopped := make(chan struct{})
	var waiting sync.WaitGroup
	waiting.Go(func() {
		followSignals(came, stopped, func() {
			env.Hurry()
			cancel()
		}, func(s os.Signal) {
			atOnce()
			endBy(s.(syscall.Signal))
		})
	})
	return ctx, sync.OnceFunc(func() {
		signal.Stop(came)
		close(stopped)
		waiting.Wait()
		cancel()
	})
}

// followSignals calls end at the first signal, and atOnce at a second one that is no echo of
// it. It returns after that, and when stopped is closed.
func followSignals(came <-chan os.Signal, stopped <-chan struct{}, end func(), atOnce func(os.Signal)) {
	var first os.Signal
	select {
	case first = <-came:
	case <-stopped:
		return
	}
	echo := time.Now().Add(echoTime)
	end()
	for {
		select {
		case s := <-came:
			if s != first || !time.Now().Before(echo) {
				atOnce(s)
				return
			}
		case <-stopped:
			return
		}
	}
}

// endBy ends the program as the signal does by default, so that whoever started it sees
// which signal it was.
func endBy(s syscall.Signal) {
	signal.Reset(s)
	_ = process.Raise(s)
	time.Sleep(time.Second) // the signal is on its way, unless it is ignored
	os.Exit(128 + int(s))
}
