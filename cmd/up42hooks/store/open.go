package store

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// OpenReader opens the store for reading. Another process may write to it meanwhile.
// The caller closes it.
func OpenReader(ctx context.Context, env cli.Env, file string) (*sqlite.Log, error) {
	return sqlite.Open(ctx, file, sqlite.Options{Now: env.Now, ReadOnly: true})
}

// AwaitReader opens the store for reading. If the store does not exist, it waits
// until another process makes it or ctx ends.
func AwaitReader(ctx context.Context, env cli.Env, file string) (*sqlite.Log, error) {
	const interval = 100 * time.Millisecond
	for {
		log, err := OpenReader(ctx, env, file)
		if !errors.Is(err, sqlite.ErrMissing) && !errors.Is(err, sqlite.ErrInterrupted) { // ErrInterrupted: it is being made
			return log, err
		}
		if !retry.Sleep(ctx, interval) {
			return nil, ctx.Err()
		}
	}
}

// openKey is the key of a log in a context.
type openKey struct{}

// WithOpen returns a context in which [Read] reads a log that is open already, whatever the flags
// of the command name.
func WithOpen(ctx context.Context, log receiver.Reader) context.Context {
	return context.WithValue(ctx, openKey{}, log)
}

// Read calls do with the store that the command's flags name. If they name a team's stream, the
// store is brought up to date before, and stays so if wait is set. If the store does not
// exist, Read prints a message. It then waits for the store if wait is set, and
// returns nil if not.
func Read(ctx context.Context, env cli.Env, cmd *cobra.Command, wait bool,
	do func(context.Context, *config.Config, receiver.Reader) error,
) (err error) {
	c, _, err := config.Load(cmd.Flags(), env, "store")
	if err != nil {
		return cli.UsageError(err)
	}
	if log, ok := ctx.Value(openKey{}).(receiver.Reader); ok {
		return do(ctx, c, log)
	}
	if cmd.Flags().Lookup("stream") != nil {
		stop, failure := followTeam(ctx, env, c, wait)
		if failure != nil {
			return cli.IgnoreCancel(ctx, failure)
		}
		defer func() { err = errors.Join(err, stop()) }()
	}
	log, err := OpenReader(ctx, env, c.Store)
	if errors.Is(err, sqlite.ErrMissing) {
		env.Say("nothing was received yet: %s does not exist; start a receiver with: up42hooks", c.Store)
		if !wait {
			return nil
		}
		log, err = AwaitReader(ctx, env, c.Store)
	}
	if err != nil {
		return cli.IgnoreCancel(ctx, err)
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	return do(ctx, c, log)
}
