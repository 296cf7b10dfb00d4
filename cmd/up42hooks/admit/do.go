package admit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// work is one run of the command.
type work struct {
	env         cli.Env
	config      *config.Config
	request     admission.Request
	secretGiven bool // by a flag
}

// do has the receiver do it that has the store, else does it here.
func (w *work) do(ctx context.Context) ([]admission.Result, error) {
	results, held, err := w.here(ctx)
	if held == nil {
		return results, err
	}
	return w.there(ctx, held)
}

// here does it in this process. held is the process that has the store instead.
func (w *work) here(ctx context.Context) (results []admission.Result, held *store.Holder, err error) {
	file := w.config.Store
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, nil, &sqlite.Error{File: file, Failure: sqlite.ErrMissing}
	}
	lock, err := store.TakeLock(ctx, file)
	if errors.As(err, &held) {
		return nil, held, nil
	}
	if err != nil {
		return nil, nil, err
	}
	log, err := sqlite.Open(ctx, file, sqlite.Options{Now: w.env.Now, MustExist: true})
	if err != nil {
		return nil, nil, errors.Join(err, lock.Discard()) // perhaps it is no store
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	defer func() { err = errors.Join(err, log.Close()) }()
	admitter, err := daemon.NewAdmitter(ctx, w.env, w.config, log)
	if err != nil {
		return nil, nil, err
	}
	results, err = admitter.Do(ctx, w.request)
	return results, nil, err
}

// there has the receiver do it.
func (w *work) there(ctx context.Context, held *store.Holder) ([]admission.Result, error) {
	if !held.Receives() {
		return nil, held
	}
	if w.secretGiven {
		w.env.Say("process %d receives into this store: it judges by its own secrets; give it the new one", held.PID)
	}
	results, err := control.NewClient(w.config.Store).Do(ctx, w.request)
	switch {
	case errors.Is(err, control.ErrNotAnswered):
		err = daemon.Unanswered(w.config.Store, held, err)
	case err != nil:
		err = fmt.Errorf("%w, and it could not do this: %w; stop it and try again", held, err)
	}
	return results, err
}
