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
	// openTimeout is how long a program may take until it has a URL and is connected.
	openTimeout = time.Minute
	// lostTimeout is how long it may take to connect again.
	lostTimeout = 5 * time.Minute
	// The waits before restarts grow from firstWait to longestWait. They start with
	// firstWait again after the tunnel was open for stableTime.
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
	openTimeout, lostTimeout time.Duration
	wait                     func(failures int) time.Duration
	// ngrokServer replaces ngrok's own.
	ngrokServer string
}

// State is the state of a tunnel.
type State struct {
	// URL is the public URL, without a slash at its end. It is empty while the tunnel does
	// not carry requests.
	URL string
	// Last is the URL that the program gave, also while the tunnel does not carry. It is
	// empty after the end of the program, because the next run may have another.
	Last string
	// Err is why the tunnel does not carry. It is nil while the program starts. It is safe
	// to print.
	Err error
	// Trouble is the newest problem of a tunnel that carries.
	Trouble Trouble
}

// Trouble is a problem that a program reports, and when it did. Err is safe to print, and
// nil if there was none.
type Trouble struct {
	Err error
	At  time.Time
}

// Tunnel runs a tunnel program.
type Tunnel struct {
	o       Options
	path    string
	library library // nil if a program is run
	address string
	state   atomic.Pointer[State]
}

// New finds the program, but does not start it. The error is one line; if the program is
// missing, it says how to install it.
func New(o Options) (*Tunnel, error) {
	t := &Tunnel{}
	var err error
	if o.Path == "" {
		t.library = o.Program.library(&o)
	}
	if t.library == nil {
		if t.path, err = o.Program.find(o.Path); err != nil {
			return nil, o.Program.orLibrary(err)
		}
	}
	if t.address, err = dialable(o.Address); err != nil {
		return nil, err
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.openTimeout <= 0 {
		o.openTimeout = openTimeout
	}
	if o.lostTimeout <= 0 {
		o.lostTimeout = lostTimeout
	}
	if o.wait == nil {
		o.wait = wait
	}
	t.o = o
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
	if advice := t.o.Program.Advice(); advice != "" {
		log.Info(advice)
	}
	for failures := 1; ; failures++ {
		open, err := t.runOnce(ctx)
		if ctx.Err() != nil {
			break
		}
		if open >= stableTime {
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

// runOnce runs the program until it ends, and returns for how long the tunnel was open, and
// why it ended.
func (t *Tunnel) runOnce(ctx context.Context) (open time.Duration, err error) {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	c := newCarrier(t, end)
	err = t.carry(ctx, c)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	} else if err == nil {
		err = fmt.Errorf("%s ended", t.o.Program)
	} else {
		err = fmt.Errorf("%s ended: %w", t.o.Program, err)
	}
	if open, err = c.ended(err); open == 0 {
		err = t.o.Program.withAdvice(err)
	}
	return open, err
}

// library carries to an address of this machine until ctx ends, without a program.
type library func(ctx context.Context, address string, c *carrier) error

// carry runs the program, or the library.
func (t *Tunnel) carry(ctx context.Context, c *carrier) error {
	if t.library != nil {
		return t.library(ctx, t.address, c)
	}
	return run(ctx, t.path, t.o.Program.args(t.address), c.read)
}
