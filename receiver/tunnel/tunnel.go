package tunnel

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

const (
	// patience is how long a program may take until it has a URL.
	patience = time.Minute
	// The waits before it is started again grow from firstWait to longestWait,
	// and are short again once it has held for a while.
	firstWait, longestWait = time.Second, time.Minute
	held                   = time.Minute
)

// Options configure a Tunnel. Program and Address must be there.
type Options struct {
	Program Program
	// Path is where the program is; "": it is looked for in PATH.
	Path string
	// Address is where the receiver listens, host:port. The tunnel leads there.
	Address string
	// Told is told, one call after the other, how the tunnel stands. It must not
	// block; nil: nobody is told.
	Told func(State)
	// Logger takes what the owner should know; nil: nothing is logged.
	Logger *slog.Logger

	// Other times than the constants above, in tests only.
	patience time.Duration
	pause    func(failures int) time.Duration
}

// State is how a tunnel stands.
type State struct {
	// URL is where the tunnel can be reached, without a slash at its end; "":
	// nowhere now.
	URL string
	// Err is why that is so; nil where the program has only just started. It is
	// safe to print.
	Err error
}

// Tunnel runs a tunnel program.
type Tunnel struct {
	o       Options
	path    string
	address string
	state   atomic.Pointer[State]
}

// New finds the program. The error is one line that says what is missing and how
// to get it.
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
	if o.patience <= 0 {
		o.patience = patience
	}
	if o.pause == nil {
		o.pause = pause
	}
	t := &Tunnel{o: o, path: path, address: address}
	t.state.Store(&State{})
	return t, nil
}

// pause is the wait after so many failures in a row.
func pause(failures int) time.Duration {
	wait := longestWait
	if failures < 7 {
		wait = min(wait, firstWait<<(failures-1))
	}
	return wait/2 + rand.N(wait/2)
}

// State says how the tunnel stands now. It is safe for concurrent use.
func (t *Tunnel) State() State { return *t.state.Load() }

// tell keeps a state and tells of it.
func (t *Tunnel) tell(s State) {
	t.state.Store(&s)
	if t.o.Told != nil {
		t.o.Told(s)
	}
}

// Run keeps the program running until ctx ends, which is no error. It returns
// once the program has ended. It runs once.
func (t *Tunnel) Run(ctx context.Context) error {
	log := t.o.Logger.With("program", t.o.Program)
	for failures := 1; ; failures++ {
		began := time.Now()
		err := t.once(ctx)
		if ctx.Err() != nil {
			break
		}
		if time.Since(began) >= held {
			failures = 1
		}
		t.tell(State{Err: err})
		wait := t.o.pause(failures)
		log.Warn("there is no tunnel; it is started again", "error", err, "in", wait.Round(time.Second/10))
		if !sleep(ctx, wait) {
			break
		}
	}
	t.tell(State{})
	return nil
}

// once runs the program to its end, and says why it ended.
func (t *Tunnel) once(ctx context.Context) error {
	r := &running{tunnel: t}
	ctx, r.end = context.WithCancelCause(ctx)
	defer r.end(nil)
	r.late = time.AfterFunc(t.o.patience, func() {
		r.end(fmt.Errorf("%s gave no public URL within %s", t.o.Program, t.o.patience))
	})
	defer r.late.Stop()
	err := run(ctx, t.path, t.o.Program.args(t.address), r.heard)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	} else if err == nil {
		err = fmt.Errorf("%s ended", t.o.Program)
	} else {
		err = fmt.Errorf("%s ended: %w", t.o.Program, err)
	}
	if r.wrong != "" {
		return fmt.Errorf("%w: %s", err, r.wrong)
	}
	return err
}

// running is one run of the program.
type running struct {
	tunnel *Tunnel
	end    context.CancelCauseFunc
	late   *time.Timer
	url    string
	wrong  string
}

// heard takes note of a line that the program wrote.
func (r *running) heard(line string) {
	n := r.tunnel.o.Program.read(line)
	if n.wrong != "" {
		r.wrong = plain(n.wrong)
	}
	if n.url == "" || n.url == r.url {
		return
	}
	r.late.Stop()
	r.url, r.wrong = n.url, ""
	r.tunnel.o.Logger.Info("the tunnel is open", "program", r.tunnel.o.Program, "url", n.url)
	r.tunnel.tell(State{URL: n.url})
}

// sleep is false where ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
