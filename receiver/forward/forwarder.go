package forward

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// DefaultGiveUp is how long an event is tried.
const DefaultGiveUp = 24 * time.Hour

// Options configure a Forwarder. Log, Checkpoints and Target are required.
type Options struct {
	Log         receiver.Reader
	Checkpoints receiver.Checkpoints
	Target      Target
	// Accept reports whether an event may be forwarded. Nil is Accepts(false, false).
	Accept func(*receiver.Event) bool
	// Wanted selects among the accepted events. Nil selects all. SendNow does not ask it.
	Wanted func(*receiver.Event) bool
	// GiveUp is how long an event is tried, from its arrival on, before it is put on the
	// list of failures. Events that came before the start are tried for at least ten minutes
	// after it, and each is tried once at least. 0 is DefaultGiveUp.
	GiveUp time.Duration
	// Parallel is how many events are under way at a time. If the program is killed, so
	// many may be sent twice. 0 is 8.
	Parallel int
	// Memory is how many bytes of events are kept in memory until their turn comes, besides
	// one. 0 is DefaultMemory.
	Memory int
	// Logger may be nil.
	Logger *slog.Logger
}

// DefaultMemory is the default of Options.Memory.
const DefaultMemory = 32 << 20

const (
	// pageSize is how many events are read at a time.
	pageSize = 100
	// checkTimeout bounds the check of the target at the start.
	checkTimeout = 5 * time.Second
)

// Forwarder forwards the events of a log to one target. Its methods are safe for
// concurrent use, but only one Run may run at a time.
type Forwarder struct {
	o      Options
	log    *slog.Logger
	status *statusKeeper

	mu    sync.Mutex
	start *receiver.Checkpoint // of the next Run; nil if not yet known
}

// New makes a Forwarder.
func New(o Options) *Forwarder {
	if o.Accept == nil {
		o.Accept = Accepts(false, false)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.GiveUp <= 0 {
		o.GiveUp = DefaultGiveUp
	}
	if o.Parallel <= 0 {
		o.Parallel = 8
	}
	if o.Memory <= 0 {
		o.Memory = DefaultMemory
	}
	log := o.Logger.With("target", o.Target.Name())
	return &Forwarder{o: o, log: log, status: &statusKeeper{log: log}}
}

// Name is the name of the target.
func (f *Forwarder) Name() string { return f.o.Target.Name() }

// Status returns the state of the target.
func (f *Forwarder) Status() Status { return f.status.get() }

// SendNow sends an event once, without waiting for its turn. If that succeeds, it removes
// the event from the list of failures. It returns an error for an event that is not
// accepted. An error of the target is a *Refused or an *Unreachable, unless ctx has ended.
func (f *Forwarder) SendNow(ctx context.Context, e *receiver.Event) error {
	if !f.o.Accept(e) {
		return fmt.Errorf("event %d may not be forwarded: it is %s", e.Seq, e.Verdict)
	}
	err := f.o.Target.Send(ctx, e)
	switch {
	case err == nil:
		return f.o.Checkpoints.RemoveFailure(ctx, f.Name(), e.Seq)
	case ctx.Err() != nil, errors.As(err, new(*Refused)), errors.As(err, new(*Unreachable)):
		return err
	default: // its answer was lost
		return &Refused{Reason: err.Error()}
	}
}

// Prepare loads the checkpoint. For a target that has none it saves one at the end of the
// log, so that events that arrive from now on are forwarded. Run calls it if it was not
// called before.
func (f *Forwarder) Prepare(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.start != nil {
		return nil
	}
	start, err := f.loadCheckpoint(ctx)
	if err != nil {
		return fmt.Errorf("forward to %s: %w", f.Name(), err)
	}
	f.start = &start
	f.status.moved(start)
	return nil
}

func (f *Forwarder) loadCheckpoint(ctx context.Context) (receiver.Checkpoint, error) {
	p, known, err := f.o.Checkpoints.Checkpoint(ctx, f.Name())
	if err != nil || known {
		return p, err
	}
	counts, err := f.o.Log.Counts(ctx)
	if err != nil {
		return p, err
	}
	p.Cursor = counts.LastSeq
	return p, f.o.Checkpoints.SaveCheckpoint(ctx, f.Name(), p)
}

// Run forwards the events after the checkpoint, and those that arrive, until ctx ends or
// the log is closed; it returns nil then. When it returns, all its goroutines have ended
// and the checkpoint is saved. It gives attempts under way two seconds to end.
func (f *Forwarder) Run(ctx context.Context) error {
	if err := f.Prepare(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	f.mu.Lock()
	w := newWindow(*f.start)
	f.start = nil // the next Run loads it again
	f.mu.Unlock()
	f.check(ctx)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	q := newQueue(f.o.Parallel, f.o.Memory)
	var reading sync.WaitGroup
	reading.Go(func() {
		defer cancel() // if the log is closed, everything ends
		f.read(ctx, w, q)
	})
	f.forward(ctx, w, q)
	reading.Wait()
	return nil
}

// check logs whether the target can be reached.
func (f *Forwarder) check(ctx context.Context) {
	checking, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	err := f.o.Target.Check(checking)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		f.status.unreachable(err)
	default:
		f.log.Info("events are forwarded")
		if advice := AdviceOf(f.o.Target); advice != "" {
			f.log.Warn(advice)
		}
	}
}

// read puts the accepted events into the queue in their order, as far as there is room,
// until ctx ends or the log is closed.
func (f *Forwarder) read(ctx context.Context, w *window, q *queue) {
	failing := false
	var since time.Time // the events of the next page came later; zero: not known
	began := time.Now()
	if counts, err := f.o.Log.Counts(ctx); err == nil && counts.LastSeq <= w.next() {
		since = began
	}
	for {
		asked := time.Now()
		page, err := f.o.Log.Next(ctx, w.next(), pageSize)
		switch {
		case ctx.Err() != nil, errors.Is(err, receiver.ErrClosed):
			return
		case err != nil && !failing:
			f.log.Error("can't read the store; trying again", "error", err)
		case err == nil && failing:
			f.log.Info("the store can be read again")
		}
		if failing = err != nil; failing {
			retry.Sleep(ctx, storeAgain)
			continue
		}
		size := 0
		for _, e := range page {
			size += e.Size()
			switch {
			case !w.admit(e.Seq): // it was done before the start
			case !f.o.Accept(e) || f.o.Wanted != nil && !f.o.Wanted(e):
				w.done(e.Seq)
			case !q.put(ctx, e, deadline(e, f.o.GiveUp, since)):
				return
			}
		}
		if len(page) < pageSize && size < receiver.PageBytes {
			since = asked
		} // else there may be more that came before
	}
}

// forward sends the events of the queue until ctx ends, and saves the checkpoint. It
// returns when all its goroutines have ended.
func (f *Forwarder) forward(ctx context.Context, w *window, q *queue) {
	var saving, sending sync.WaitGroup
	s := &saver{name: f.Name(), store: f.o.Checkpoints, window: w, status: f.status, log: f.log}
	saving.Go(func() { s.run(ctx) })
	longer, cancel := retry.Outlast(ctx, timeToEnd)
	defer cancel()
	sender := &sender{target: f.o.Target, events: f.o.Log, store: f.o.Checkpoints, queue: q, window: w, status: f.status, log: f.log}
	for range f.o.Parallel {
		sending.Go(func() { sender.run(ctx, longer) })
	}
	sending.Wait()
	saving.Wait()
	s.last() // what was sent while run ended
}
