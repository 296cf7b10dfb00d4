package store

import (
	"context"
	"fmt"
	"os"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/progress"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/vacuum"
)

func newCompactCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	cmd := &cobra.Command{
		Use:   "compact",
		Short: "Give unused space of the store back to the disk",
		Long: `Rewrite the store's file without the space that deleted events left. Nothing of the
deleted events stays in the file. The new file is made beside the old one, and replaces it
when it is whole: meanwhile it needs as much of the disk as the store has data. The command
says how much that is, and does nothing if there is less. If it is interrupted, the store is
as it was. A dashboard or another reader of the store has to be started again.`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withLock(env, cmd, func(ctx context.Context, c *config.Config) error { return compact(ctx, env, c.Store, &o) })
		},
	}
	config.AddFlags(cmd.Flags(), "config", "store")
	o.AddFlags(cmd.Flags(), "print JSON")
	return cmd
}

func compact(ctx context.Context, env cli.Env, file string, o *cli.Form) error {
	if err := mustExist(file); err != nil {
		return err
	}
	before, err := size(file)
	if err != nil {
		return err
	}
	shown, p := progress.Start(env, progress.Options{Doing: "compact", Unit: progress.Bytes, JSON: o.JSON()})
	err = sqlite.Compact(ctx, file, vacuum.Options{
		Begin: func(needed, free int64) {
			shown.Say("the new file needs up to %s of the disk, %s are free", humanize.IBytes(uint64(needed)), humanize.IBytes(uint64(free)))
		},
		Report: p.Set,
	})
	p.Stop()
	switch {
	case ctx.Err() != nil && err != nil:
		return cli.Failed("interrupted: the store is as it was")
	case err != nil:
		return err
	}
	after, err := size(file)
	if err != nil {
		return err
	}
	return cli.Print(env, o, func() error {
		env.Say("%s takes %s now, %s before", file, humanize.IBytes(uint64(after)), humanize.IBytes(uint64(before)))
		return nil
	}, compactRecord{file, before, after})
}

func size(file string) (int64, error) {
	info, err := os.Stat(file)
	if err != nil {
		return 0, fmt.Errorf("look at the store: %w", err)
	}
	return info.Size(), nil
}
