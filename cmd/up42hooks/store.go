package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// openReader opens the store for reading, beside whoever writes it. The caller
// closes it.
func openReader(ctx context.Context, w world, file string) (*sqlite.Log, error) {
	return sqlite.Open(ctx, file, sqlite.Options{Now: w.now, ReadOnly: true})
}

// openSoon opens a store that another process is about to make, which it waits
// for until ctx ends.
func openSoon(ctx context.Context, w world, file string) (*sqlite.Log, error) {
	const step = 100 * time.Millisecond
	for {
		log, err := openReader(ctx, w, file)
		if !errors.Is(err, sqlite.ErrMissing) && !errors.Is(err, sqlite.ErrCutOff) { // it is being made
			return log, err
		}
		if pause(ctx, step); ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

// reading runs a command that reads the store named by its flags. Where there
// is no store yet it says so; that is no error, unless patient is set: then it
// waits for the store.
func reading(ctx context.Context, w world, cmd *cobra.Command, patient bool,
	do func(context.Context, *config.Config, receiver.Reader) error,
) (err error) {
	c, _, err := config.Load(cmd.Flags(), w.getenv)
	if err != nil {
		return usageError(err)
	}
	log, err := openReader(ctx, w, c.Store)
	if errors.Is(err, sqlite.ErrMissing) {
		w.say("nothing was received yet: %s does not exist; start a receiver with: up42hooks", c.Store)
		if !patient {
			return nil
		}
		log, err = openSoon(ctx, w, c.Store)
	}
	if err != nil {
		return ended(ctx, err)
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	return do(ctx, c, log)
}
