package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func newForgetCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	cmd := &cobra.Command{
		Use:   "forget READER",
		Short: "Delete the checkpoint of a reader",
		Long: `Delete the checkpoint of a reader that is no longer used, and its list of undelivered
events. The store then no longer keeps events for it. "store info" lists the readers. The
URL of a target is accepted as well.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return nil
			}
			return cli.UsageError(fmt.Errorf("%s takes the name of one reader, but got %d arguments; see %s --help", cli.PathOf(cmd), len(args), cmd.CommandPath()))
		},
		ValidArgsFunction: completeReaders(env),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withLock(env, cmd, func(ctx context.Context, c *config.Config) error { return forget(ctx, env, c.Store, args[0], &o) })
		},
	}
	config.AddFlags(cmd.Flags(), "config", "store")
	o.AddFlags(cmd.Flags(), "print JSON")
	return cmd
}

func forget(ctx context.Context, env cli.Env, file, reader string, o *cli.Form) (err error) {
	if err := mustExist(file); err != nil {
		return err
	}
	log, err := sqlite.Open(ctx, file, sqlite.Options{Now: env.Now, MustExist: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	info, err := log.Info(ctx)
	if err != nil {
		return err
	}
	for _, r := range info.Readers {
		if r.Name == reader || safe.Name(r.Name) == safe.Name(reader) {
			if err := log.RemoveReader(ctx, r.Name); err != nil {
				return err
			}
			return cli.Print(env, o, func() error {
				with := ""
				if r.Failures > 0 {
					with = " and its list of " + cli.Count(int(r.Failures), "undelivered event")
				}
				env.Say("forgot the reader %s%s: the store keeps no events for it any more", safe.Name(r.Name), with)
				return nil
			}, forgetRecord{safe.Name(r.Name), true, r.Failures})
		}
	}
	return cli.Failed(fmt.Sprintf("there is no reader %q: up42hooks store info lists the readers", safe.Name(reader)))
}

// completeReaders proposes the readers of the store. A store that can't be read proposes
// nothing.
func completeReaders(env cli.Env) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) (out []cobra.Completion, _ cobra.ShellCompDirective) {
		if c, _, err := config.Read(cmd.Flags(), env, "store"); err == nil && len(args) == 0 {
			if log, err := OpenReader(cmd.Context(), env, c.Store); err == nil {
				defer log.Close()
				info, _ := log.Info(cmd.Context())
				for _, r := range info.Readers {
					if name := safe.Name(r.Name); strings.HasPrefix(name, typed) {
						out = append(out, name)
					}
				}
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}
