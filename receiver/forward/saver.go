package forward

import (
	"context"
	"log/slog"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

const (
	// saveEvery is the least time between two saves.
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
}

// run saves the checkpoint each time that it changed, until ctx ends. A save that fails is
// repeated. Only the first failure in a row is logged, and the end of the failures.
func (s *saver) run(ctx context.Context) {
	failing := false
	for s.window.wait(ctx) {
		err := s.save()
		wait := saveEvery
		if err != nil {
			wait = saveAgain
		}
		switch {
		case err != nil && !failing:
			s.log.Error("can't save the checkpoint; a restart before that succeeds sends events again", "error", err)
		case err == nil && failing:
			s.log.Info("the checkpoint can be saved again")
		}
		failing = err != nil
		if !retry.Sleep(ctx, wait) {
			return
		}
	}
}

// last saves the changes since the last save of run.
func (s *saver) last() {
	if err := s.save(); err != nil {
		s.log.Error("can't save the checkpoint; the next start sends events again", "error", err)
	}
}

func (s *saver) save() error {
	p, changed := s.window.checkpoint()
	if !changed {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	if err := s.store.SaveCheckpoint(ctx, s.name, p); err != nil {
		s.window.notSaved()
		return err
	}
	s.status.moved(p.Cursor)
	return nil
}
