package forward

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

const (
	// saveEvery is how long a change waits for others if nobody waits for it.
	saveEvery = 100 * time.Millisecond
	// saveAgain is the wait after a save that failed.
	saveAgain = time.Second
	// saveTimeout bounds one save.
	saveTimeout = 5 * time.Second
)

// saver saves the checkpoint of a window.
type saver struct {
	name   string
	store  receiver.Checkpoints
	window *window
	status *statusKeeper
	log    *slog.Logger

	failing bool
}

// run saves the checkpoint until ctx ends: at once if somebody waits for that, else a
// moment after it changed. A save that fails is repeated. Only the first failure in a row is
// logged, and the end of the failures.
func (s *saver) run(ctx context.Context) {
	for s.wait(ctx) {
		err := s.save()
		switch {
		case errors.Is(err, receiver.ErrTakenOver):
			return
		case err != nil && !s.failing:
			s.fails(err, "can't save the checkpoint; a restart before that succeeds sends events again")
		case err == nil && s.failing:
			s.log.Info("the checkpoint can be saved again")
		}
		if s.failing = err != nil; s.failing && !retry.Sleep(ctx, saveAgain) {
			return
		}
	}
}

// fails logs why the checkpoint is not saved, and what follows from that.
func (s *saver) fails(err error, follows string) {
	switch {
	case !errors.Is(err, receiver.ErrRemembered):
		s.log.Error(follows, "error", err)
	case !s.failing: // it was said before
		s.log.Warn("the checkpoint waits for the team's servers; it is remembered: only a restart before that, or another member that takes over, sends events again", "error", err)
	}
}

// wait waits until it is time to save the checkpoint. It returns false if ctx ended.
func (s *saver) wait(ctx context.Context) bool {
	select {
	case <-s.window.urgent:
		return true
	case <-s.window.changed:
	case <-ctx.Done():
		return false
	}
	timer := time.NewTimer(saveEvery)
	defer timer.Stop()
	select {
	case <-s.window.urgent:
	case <-timer.C:
	case <-ctx.Done():
		return false
	}
	return true
}

// last saves the changes since the last save of run.
func (s *saver) last() {
	if err := s.save(); err != nil && !errors.Is(err, receiver.ErrTakenOver) {
		s.fails(err, "can't save the checkpoint; the next start sends events again")
	}
}

func (s *saver) save() error {
	p, version, changed := s.window.checkpoint()
	if !changed {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	if err := s.store.SaveCheckpoint(ctx, s.name, p); err != nil {
		signal(s.window.urgent)
		return err
	}
	s.window.setSaved(version)
	s.status.moved(p)
	return nil
}
