package tunnel

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/up42/up42-webhooks/receiver/retry"
)

const (
	// urlTimeout is how long a program may take until it has a URL.
	urlTimeout = time.Minute
	// The waits before restarts grow from firstWait to longestWait. They start with
	// firstWait again after the program ran for stableTime.
	firstWait, longestWait = time.Second, time.Minute
	stableTime             = time.Minute
)

// Options configure a Tunnel. Program and Address are required.
type Options struct {
	Program Program
	// Path is the path of the program. If it is empty, the program is looked up in PATH.
	Path string
	// Address is where the receiver listens, host:port. The tunnel leads there.
	Address string
	// OnState is called with each new state, one call at a time. It must not block. It
	// may be nil.
	OnState func(State)
	// Logger may be nil.
	Logger *slog.Logger

	// Tests replace the constants above by these.
	urlTimeout time.Duration
	wait       func(failures int) time.Duration
}

// State is the state of a tunnel.
type State struct {
	// URL is the public URL, without a slash at its end. It is empty if there is no
	// tunnel now.
	URL string
	// Err is why there is no tunnel. It is nil while the program starts. It is safe to
	// print.
	Err error
}

// Tunnel runs a tunnel program.
type Tunnel struct {
	o       Options
	path    string
	address string
	state   atomic.Pointer[State]
}

// New finds the program, but does not start it. The error is one line; if the program is
// missing, it says how to install it.
func New(o Options) (*Tunnel, error) {
	path, err := o.Program.find(o.Path)
	if err != nil {
		return nil, err
	}
	address, err := dialable(o.Address)
	if err != nil {
		return nil, err
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.urlTimeout <= 0 {
		o.urlTimeout = urlTimeout
	}
	if o.wait == nil {
		o.wait = wait
	}
	t := &Tunnel{o: o, path: path, address: address}
	t.state.Store(&State{})
	return t, nil
}

// wait returns the wait after a number of failures in a row.
func wait(failures int) time.Duration {
	return retry.Jitter(retry.Backoff(failures, firstWait, longestWait))
}

// State returns the current state. It is safe for concurrent use.
func (t *Tunnel) State() State { return *t.state.Load() }

func (t *Tunnel) setState(s State) {
	t.state.Store(&s)
	if t.o.OnState != nil {
		t.o.OnState(s)
	}
}

// Run keeps the program running until ctx ends, and returns nil when the program has ended.
// Call it only once.
func (t *Tunnel) Run(ctx context.Context) error {
	log := t.o.Logger.With("program", t.o.Program)
	for failures := 1; ; failures++ {
		began := time.Now()
		err := t.runOnce(ctx)
		if ctx.Err() != nil {
			break
		}
		if time.Since(began) >= stableTime {
			failures = 1
		}
		t.setState(State{Err: err})
		wait := t.o.wait(failures)
		log.Warn("there is no tunnel; the program is restarted", "error", err, "in", wait.Round(time.Second/10))
		if !retry.Sleep(ctx, wait) {
			break
		}
	}
	t.setState(State{})
	return nil
}

// runOnce runs the program until it ends, and returns why it ended.
func (t *Tunnel) runOnce(ctx context.Context) error {
	p := &process{tunnel: t}
	ctx, p.end = context.WithCancelCause(ctx)
	defer p.end(nil)
	p.late = time.AfterFunc(t.o.urlTimeout, func() {
		p.end(fmt.Errorf("%s gave no public URL within %s", t.o.Program, t.o.urlTimeout))
	})
	defer p.late.Stop()
	err := run(ctx, t.path, t.o.Program.args(t.address), p.read)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	} else if err == nil {
		err = fmt.Errorf("%s ended", t.o.Program)
	} else {
		err = fmt.Errorf("%s ended: %w", t.o.Program, err)
	}
	if p.problem != "" {
		return fmt.Errorf("%w: %s", err, p.problem)
	}
	return err
}

// process is one run of the program.
type process struct {
	tunnel  *Tunnel
	end     context.CancelCauseFunc
	late    *time.Timer
	url     string
	problem string
}

// read handles a line of the program's output.
func (p *process) read(line string) {
	r := p.tunnel.o.Program.parse(line)
	if r.problem != "" {
		p.problem = problemText(r.problem)
	}
	if r.url == "" || r.url == p.url {
		return
	}
	p.late.Stop()
	p.url, p.problem = r.url, ""
	p.tunnel.o.Logger.Info("the tunnel is open", "program", p.tunnel.o.Program, "url", r.url)
	p.tunnel.setState(State{URL: r.url})
}
