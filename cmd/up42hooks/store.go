package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// errNoStore: nothing was received yet, so there is no store to read.
var errNoStore = errors.New("there is no store yet")

// openReader opens the store for reading, beside whoever writes it. The caller
// closes it.
func openReader(ctx context.Context, w world, file string) (*sqlite.Log, error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", errNoStore, file)
	}
	return sqlite.Open(ctx, file, sqlite.Options{Now: w.now, ReadOnly: true})
}

// reading runs a command that reads the store named by the flags.
func reading(w world, cmd *cobra.Command, do func(context.Context, *config.Config, receiver.Reader) error) (err error) {
	c, _, err := config.Load(cmd.Flags(), w.getenv)
	if err != nil {
		return misuse{err}
	}
	log, err := openReader(cmd.Context(), w, c.Store)
	if errors.Is(err, errNoStore) {
		w.say("nothing was received yet: %s does not exist; start a receiver with: up42hooks", c.Store)
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	return do(cmd.Context(), c, log)
}

// openShared opens a store that another process is about to make, or has made
// already.
func openShared(ctx context.Context, w world, file string) (*sqlite.Log, error) {
	const patience, step = 40, 50 * time.Millisecond
	for range patience {
		log, err := openReader(ctx, w, file)
		if !errors.Is(err, errNoStore) {
			return log, err
		}
		if pause(ctx, step); ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return openReader(ctx, w, file)
}
