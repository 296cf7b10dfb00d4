// Package store opens the store, locks it for the process that writes it, and has
// the commands that maintain it.
package store

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// OpenReader opens the store for reading, beside whoever writes it. The caller
// closes it.
func OpenReader(ctx context.Context, w cli.Env, file string) (*sqlite.Log, error) {
	return sqlite.Open(ctx, file, sqlite.Options{Now: w.Now, ReadOnly: true})
}

// AwaitReader opens a store that another process is about to make, which it waits
// for until ctx ends.
func AwaitReader(ctx context.Context, w cli.Env, file string) (*sqlite.Log, error) {
	const step = 100 * time.Millisecond
	for {
		log, err := OpenReader(ctx, w, file)
		if !errors.Is(err, sqlite.ErrMissing) && !errors.Is(err, sqlite.ErrInterrupted) { // it is being made
			return log, err
		}
		if cli.Sleep(ctx, step); ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

// Read runs a command that reads the store named by its flags. Where there
// is no store yet it says so; that is no error, unless patient is set: then it
// waits for the store.
func Read(ctx context.Context, w cli.Env, cmd *cobra.Command, patient bool,
	do func(context.Context, *config.Config, receiver.Reader) error,
) (err error) {
	c, _, err := config.Load(cmd.Flags(), w.Getenv)
	if err != nil {
		return cli.UsageError(err)
	}
	log, err := OpenReader(ctx, w, c.Store)
	if errors.Is(err, sqlite.ErrMissing) {
		w.Say("nothing was received yet: %s does not exist; start a receiver with: up42hooks", c.Store)
		if !patient {
			return nil
		}
		log, err = AwaitReader(ctx, w, c.Store)
	}
	if err != nil {
		return cli.IgnoreCancel(ctx, err)
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	return do(ctx, c, log)
}
