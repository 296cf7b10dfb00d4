package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// withConfig runs a command with its settings. The context ends if the command is
// interrupted.
func withConfig(env cli.Env, cmd *cobra.Command, do func(context.Context, *config.Config) error) error {
	c, _, err := config.Load(cmd.Flags(), env, "store")
	if err != nil {
		return cli.UsageError(err)
	}
	return env.Interruptible(cmd.Context(), func(ctx context.Context) error { return do(ctx, c) })
}

// withReader runs a command that reads the store. The store must exist.
func withReader(env cli.Env, cmd *cobra.Command, do func(context.Context, *config.Config, *sqlite.Log) error) error {
	return withConfig(env, cmd, func(ctx context.Context, c *config.Config) error {
		log, err := OpenReader(ctx, env, c.Store)
		if err != nil {
			return err
		}
		return errors.Join(do(ctx, c, log), log.Close())
	})
}

// withLock runs a command that changes the store. It holds the lock meanwhile. The
// store need not exist, but its folder must. If there is no store afterwards, no lock is left.
func withLock(env cli.Env, cmd *cobra.Command, do func(context.Context, *config.Config) error) error {
	return withConfig(env, cmd, func(ctx context.Context, c *config.Config) error {
		if t, err := outfile.Resolve(c.Store); err == nil {
			if err := mustExist(filepath.Dir(t.Path)); err != nil {
				return &sqlite.Error{File: c.Store, Failure: sqlite.ErrMissing}
			}
		}
		return locked(ctx, c, do)
	})
}

// locked holds the lock of the store while do runs. It makes the folder of the store.
func locked(ctx context.Context, c *config.Config, do func(context.Context, *config.Config) error) error {
	lock, err := TakeLock(ctx, c.Store)
	if held := (*Holder)(nil); errors.As(err, &held) && held.Receives() {
		return fmt.Errorf("%w: stop it first", held)
	}
	if err != nil {
		return err
	}
	err = do(ctx, c)
	if errors.Is(err, sqlite.ErrMissing) || errors.Is(err, sqlite.ErrForeign) || errors.Is(err, sqlite.ErrNothing) || mustExist(c.Store) != nil {
		return errors.Join(err, lock.Discard())
	}
	return errors.Join(err, lock.Release())
}

// mustExist returns an error if the store does not exist.
func mustExist(file string) error {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return &sqlite.Error{File: file, Failure: sqlite.ErrMissing}
	}
	return nil
}
