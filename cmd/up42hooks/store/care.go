package store

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func newStoreCompactCommand(w cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compact",
		Short: "Make the store's file as small as it can be",
		Long: `Write the store's file anew without the room that deleted events left, which takes up
to twice its size of free disk meanwhile. Nothing of what was deleted stays in it.`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return ownStore(w, cmd, func(ctx context.Context, c *config.Config) error { return compact(w, ctx, c.Store) })
		},
	}
	config.AddFlags(cmd.Flags(), "store")
	return cmd
}

func compact(w cli.Env, ctx context.Context, file string) error {
	if err := missingStore(file); err != nil {
		return err
	}
	before, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("look at the store: %w", err)
	}
	if err := sqlite.Compact(ctx, file); err != nil {
		return err
	}
	after, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("look at the store: %w", err)
	}
	w.Say("%s takes %s now, %s before", file, humanize.IBytes(uint64(after.Size())), humanize.IBytes(uint64(before.Size())))
	return nil
}

// storeChecked is what `store verify --json` prints.
type storeChecked struct {
	File     string   `json:"file"`
	Events   int64    `json:"events"`
	Rows     int64    `json:"rows"`
	Problems []string `json:"problems"`
}

func newStoreVerifyCommand(w cli.Env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Look at everything in the store",
		Long: `Look at everything in the store: that the file is undamaged, that every event can be
read and would be known if it came again, and that orders and jobs stand where their
events put them. The exit code is 1 where something is wrong.`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return readStore(w, cmd, func(ctx context.Context, c *config.Config, log *sqlite.Log) error {
				done, err := log.Verify(ctx)
				if err != nil {
					return err
				}
				return tellChecked(w, storeChecked{log.File(), done.Events, done.Rows, done.Problems}, asJSON)
			})
		},
	}
	config.AddFlags(cmd.Flags(), "store")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func tellChecked(w cli.Env, c storeChecked, asJSON bool) error {
	if asJSON {
		if c.Problems == nil {
			c.Problems = []string{}
		}
		if err := cli.PrintJSON(w, c); err != nil {
			return err
		}
	}
	for _, p := range c.Problems {
		w.Say("%s", p)
	}
	if len(c.Problems) > 0 {
		return cli.Failed(fmt.Sprintf("store %s is not sound: export what can be read (up42hooks store export), and import that into a new one", c.File))
	}
	if !asJSON {
		w.Say("%s and %s looked at: the store is sound", cli.Count(int(c.Events), "event"), cli.Count(int(c.Rows), "row"))
	}
	return nil
}

func newStoreForgetCommand(w cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "forget READER",
		Short: "Forget how far a reader got",
		Long: `Forget how far a reader that is used no longer got, and what it gave up: no event is
kept for it any more. "store info" lists readers by their names.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return nil
			}
			return cli.UsageError(fmt.Errorf("%s takes the name of one reader, but got %d arguments; see %s --help", cmd.CommandPath(), len(args), cmd.CommandPath()))
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return ownStore(w, cmd, func(ctx context.Context, c *config.Config) error { return forget(w, ctx, c.Store, args[0]) })
		},
	}
	config.AddFlags(cmd.Flags(), "store")
	return cmd
}

func forget(w cli.Env, ctx context.Context, file, reader string) (err error) {
	if err := missingStore(file); err != nil {
		return err
	}
	log, err := sqlite.Open(ctx, file, sqlite.Options{Now: w.Now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	i, err := log.Info(ctx)
	if err != nil {
		return err
	}
	for _, r := range i.Readers {
		if r.Name == reader {
			return log.RemoveReader(ctx, reader)
		}
	}
	return cli.Failed(fmt.Sprintf("there is no reader %q: up42hooks store info lists those that there are", reader))
}
