package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// Resend forwards a stored event again. What took it did so: it is undelivered no longer.
func (d *Daemon) Resend(ctx context.Context, a control.Again) error {
	return d.Forwarders.Resend(ctx, a)
}

// Resend forwards a stored event again. What took it did so: it is undelivered no longer.
func (fs *Forwarders) Resend(ctx context.Context, a control.Again) error {
	if a.Target == "" && fs.Empty() {
		return errors.New("there is no target: start up42hooks with --forward-to URL or --exec PROGRAM")
	}
	e, err := receiver.EventAt(ctx, fs.log, a.Seq, false)
	switch {
	case err != nil:
		return err
	case e == nil:
		return fmt.Errorf("event %d is not in the store (any more)", a.Seq)
	}
	if err := fs.resend(ctx, e, a.Target); err != nil || a.Of == "" || a.Of == a.Target {
		return err
	}
	return fs.log.RemoveFailure(ctx, a.Of, a.Seq)
}

// Resender forwards stored events again: the receiver that has the store does it, or this process.
type Resender struct {
	// Log is the store, to read.
	Log *sqlite.Log
	// Resend forwards an event again.
	Resend control.Resend
	// Asks says that the receiver does it.
	Asks  bool
	close func() error
}

// NewResender makes a Resender, which the caller closes. Without a receiver the targets are the
// configured ones, and others.
func NewResender(ctx context.Context, env cli.Env, c *config.Config, others ...forward.Target) (r *Resender, err error) {
	if _, err := os.Stat(c.Store); errors.Is(err, os.ErrNotExist) {
		return nil, &sqlite.Error{File: c.Store, Failure: sqlite.ErrMissing}
	}
	lock, err := store.TakeLock(ctx, c.Store)
	if held := (*store.Holder)(nil); errors.As(err, &held) {
		return resenderOf(ctx, env, c, held)
	}
	if err != nil {
		return nil, err
	}
	log, err := sqlite.Open(ctx, c.Store, sqlite.Options{Now: env.Now, MustExist: true})
	if err != nil {
		return nil, errors.Join(err, lock.Discard()) // perhaps it is no store
	}
	free := func() error { return errors.Join(log.Close(), lock.Release()) }
	targets, err := Targets(c, slog.New(slog.NewTextHandler(env.Stderr, nil)))
	if err != nil {
		return nil, errors.Join(cli.UsageError(err), free())
	}
	for _, t := range others {
		if !slices.ContainsFunc(targets, func(o forward.Target) bool { return o.Name() == t.Name() }) {
			targets = append(targets, t)
		}
	}
	fs := &Forwarders{log: log, targets: targets}
	for _, t := range targets {
		fs.all = append(fs.all, forward.New(forward.Options{Log: log, Checkpoints: log, Target: t, Accept: MayForward(c)}))
	}
	return &Resender{log, fs.Resend, false, func() error { return errors.Join(fs.close(), free()) }}, nil
}

// resenderOf makes one that asks the receiver.
func resenderOf(ctx context.Context, env cli.Env, c *config.Config, held *store.Holder) (*Resender, error) {
	if !held.Receives() {
		return nil, held
	}
	log, err := store.OpenReader(ctx, env, c.Store)
	if err != nil {
		return nil, err
	}
	resend := control.NewClient(c.Store).Resend
	return &Resender{log, func(ctx context.Context, a control.Again) error {
		err := resend(ctx, a)
		return Unanswered(c.Store, held, err)
	}, true, log.Close}, nil
}

// Unanswered says what to do if an error is that a receiver can't be asked: mostly it has just ended.
func Unanswered(file string, held *store.Holder, err error) error {
	if !errors.Is(err, control.ErrNotAnswered) {
		return err
	}
	now, failure := store.HeldBy(file)
	if errors.Is(err, control.ErrEnds) || failure == nil && (now == nil || now.PID != held.PID) {
		return &unanswered{fmt.Sprintf("the receiver (process %d) has ended meanwhile: try again", held.PID), err}
	}
	return &unanswered{fmt.Sprintf("%v, and can't be asked: %v; try again when it has ended", held, err), err}
}

// unanswered is an error with words for the user.
type unanswered struct {
	words string
	error
}

func (u *unanswered) Error() string { return u.words }

// Unwrap returns the error.
func (u *unanswered) Unwrap() error { return u.error }

// Close closes the store.
func (r *Resender) Close() error { return r.close() }
