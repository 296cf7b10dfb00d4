package forward

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// DefaultGiveUp is how long an event is tried.
const DefaultGiveUp = 24 * time.Hour

// Options are what a Forwarder needs. Log, Ledger and Target must be there.
type Options struct {
	Log    receiver.Reader
	Ledger receiver.Checkpoints
	Target Target
	// Accept chooses what may be handed on; nil: Accepts(false, false).
	Accept func(*receiver.Event) bool
	// Wanted chooses what is, of that; nil: all. SendNow does not ask it.
	Wanted func(*receiver.Event) bool
	// GiveUp is how long an event is tried before it goes to the ledger's
	// failures, from when it was received, but ten minutes at least after a
	// start; 0: DefaultGiveUp.
	GiveUp time.Duration
	// Parallel is how many events are handed on at a time; 0: 8.
	Parallel int
	Logger   *slog.Logger
}

const (
	// window bounds how many events are under way or waiting, and their bodies.
	window, windowBytes = 1000, 32 << 20
	// reach bounds how far events go ahead of the oldest that is not done.
	reach = 50_000
	// saveEvery is how often progress is saved, at most.
	saveEvery = 100 * time.Millisecond
	// saveAgain is how long it waits after a save that failed.
	saveAgain = time.Second
	// page is how many events are read at a time.
	page = 100
)

// Forwarder hands events on to one target. Its methods are safe for concurrent
// use; Run runs once at a time.
type Forwarder struct {
	o      Options
	accept func(*receiver.Event) bool
	log    *slog.Logger
	pace   *pace

	mu     sync.Mutex
	status Status
	place  *receiver.Checkpoint // nil: not known yet
}

// Status is how a target stands.
type Status struct {
	// Cursor is the place up to which everything is done.
	Cursor int64
	// Failing is since when nothing was taken though it was tried, zero where all
	// is well; Err is the newest error then.
	Failing time.Time
	Err     string
	// LastSent is when an event was taken last; zero: not since the start.
	LastSent time.Time
	// Sent and GivenUp count events since the start.
	Sent, GivenUp int64
}

// New makes a Forwarder.
func New(o Options) *Forwarder {
	f := &Forwarder{o: o, accept: o.Accept, log: o.Logger}
	if f.accept == nil {
		f.accept = Accepts(false, false)
	}
	if f.log == nil {
		f.log = slog.New(slog.DiscardHandler)
	}
	if f.o.GiveUp <= 0 {
		f.o.GiveUp = DefaultGiveUp
	}
	if f.o.Parallel <= 0 {
		f.o.Parallel = 8
	}
	f.log = f.log.With("target", o.Target.Name())
	f.pace = newPace(f.o.Parallel)
	return f
}

// Name is the target's.
func (f *Forwarder) Name() string { return f.o.Target.Name() }

// Status says how the target stands now.
func (f *Forwarder) Status() Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.status
}

// checkTimeout bounds how long a target is looked for at the start.
const checkTimeout = 5 * time.Second

// check looks whether the target is there and says so.
func (f *Forwarder) check(ctx context.Context) {
	looking, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	switch err := f.o.Target.Check(looking); {
	case ctx.Err() != nil:
	case err != nil:
		f.mu.Lock()
		f.status.Failing, f.status.Err = time.Now(), err.Error()
		f.mu.Unlock()
		f.log.Warn("the target does not answer: what comes in is kept for it", "error", err)
	default:
		f.log.Info("events are handed on")
	}
}

// SendNow hands an event on once, out of turn, and takes it off the failures
// where that succeeds. An event that may not be handed on is refused.
func (f *Forwarder) SendNow(ctx context.Context, e *receiver.Event) error {
	if !f.accept(e) {
		return fmt.Errorf("%s may not be handed on: it is %s", subject(e), e.Verdict)
	}
	if err := f.o.Target.Send(ctx, e); err != nil {
		return err
	}
	return f.o.Ledger.RemoveFailure(ctx, f.Name(), e.Seq)
}

// Run hands on what is in the log beyond the target's place and what comes in,
// until ctx ends, which is no error, or the log is closed. A target that was
// never seen begins with what comes in. All its goroutines have ended when it
// returns; attempts under way have two seconds then.
func (f *Forwarder) Run(ctx context.Context) error {
	if err := f.Prepare(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	f.mu.Lock()
	place := *f.place
	f.place = nil // another Run asks anew
	f.mu.Unlock()
	f.check(ctx)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	events, ended := make(chan *receiver.Event), make(chan struct{})
	w := newPlaces(place)
	go func() {
		defer close(ended)
		defer cancel() // a log that is closed ends all of it
		f.read(ctx, w, events)
	}()
	f.work(ctx, w, events)
	<-ended
	return nil
}

// Prepare finds out where to begin, and has the store keep that: what comes in
// afterwards is handed on. Run does so itself where nobody did.
func (f *Forwarder) Prepare(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.place != nil {
		return nil
	}
	place, err := f.begin(ctx)
	if err != nil {
		return fmt.Errorf("hand on to %s: %w", f.Name(), err)
	}
	f.place, f.status.Cursor = &place, place.Cursor
	return nil
}

// begin is the place to go on from.
func (f *Forwarder) begin(ctx context.Context) (receiver.Checkpoint, error) {
	p, known, err := f.o.Ledger.Checkpoint(ctx, f.Name())
	if err != nil || known {
		return p, err
	}
	counts, err := f.o.Log.Counts(ctx)
	if err != nil {
		return p, err
	}
	p.Cursor = counts.LastSeq
	return p, f.o.Ledger.SaveCheckpoint(ctx, f.Name(), p)
}

// read passes events on in their order, no more than there is room for, until
// ctx ends or the log is closed.
func (f *Forwarder) read(ctx context.Context, w *places, events chan<- *receiver.Event) {
	defer close(events)
	failing := false
	for after := w.first(); ; {
		list, err := f.o.Log.Next(ctx, after, page)
		switch {
		case ctx.Err() != nil, errors.Is(err, receiver.ErrClosed):
			return
		case err != nil && !failing:
			f.log.Error("can't read the store; trying again", "error", err)
		case err == nil && failing:
			f.log.Info("the store can be read again")
		}
		if failing = err != nil; failing {
			sleep(ctx, time.Second)
			continue
		}
		for _, e := range list {
			after = e.Seq
			if !w.admit(ctx, e) {
				continue // it was done before
			}
			select {
			case events <- e:
			case <-ctx.Done():
				return
			}
		}
	}
}

// work hands events on, each order and job in a lane of its own, and saves how
// far it got.
func (f *Forwarder) work(ctx context.Context, w *places, events <-chan *receiver.Event) {
	var lanes sync.WaitGroup
	saving := make(chan struct{})
	go func() {
		defer close(saving)
		f.save(ctx, w)
	}()
	sending, cancel := outlasting(ctx, lastMoments)
	defer cancel()
	open := newLanes()
	for e := range events {
		if !f.accept(e) || f.o.Wanted != nil && !f.o.Wanted(e) {
			w.done(e)
			continue
		}
		if l, fresh := open.put(e); fresh {
			lanes.Go(func() { f.drive(ctx, sending, w, open, l) })
		}
	}
	lanes.Wait()
	<-saving
	if err := f.saveOnce(w); err != nil { // with what was taken at the very end
		f.log.Error("can't save how far it got: the next start sends again what was sent", "error", err)
	}
}

// drive hands on a lane's events, one after the other, until there are none.
func (f *Forwarder) drive(ctx, sending context.Context, w *places, open *lanes, l *lane) {
	for it, ok := open.next(l); ok; it, ok = open.next(l) {
		if f.hand(ctx, sending, it) {
			w.done(it.Event)
		}
	}
}

// save saves progress until ctx ends. What can't be saved is tried again after a
// while; only the first failure is logged, and its end.
func (f *Forwarder) save(ctx context.Context, w *places) {
	failing := false
	for w.changed(ctx) {
		err := f.saveOnce(w)
		wait := saveEvery
		if err != nil {
			wait = saveAgain
		}
		switch {
		case err != nil && !failing:
			f.log.Error("can't save how far it got; until that succeeds a new start would send again what was sent", "error", err)
		case err == nil && failing:
			f.log.Info("how far it got can be saved again")
		}
		failing = err != nil
		if !sleep(ctx, wait) {
			return
		}
	}
}

// saveOnce saves progress, if there is any. What can't be saved is kept for the
// next time.
func (f *Forwarder) saveOnce(w *places) error {
	p, any := w.progress()
	if !any {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := f.o.Ledger.SaveCheckpoint(ctx, f.Name(), p); err != nil {
		w.unsaved()
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status.Cursor = p.Cursor
	return nil
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
