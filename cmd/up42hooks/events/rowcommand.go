package events

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// RowKind is what differs between the commands `jobs` and `orders`.
type RowKind struct {
	kind    receiver.Kind
	command string
	example string
}

// The kinds of rows that have a command.
var (
	Jobs   = RowKind{receiver.Job, "jobs", "  up42hooks jobs --json --filter -final | jq -r .id"}
	Orders = RowKind{receiver.Order, "orders", "  up42hooks orders --statuses FULFILLED\n  up42hooks orders --json --filter 'is:failed since:7d'"}
)

// NewRowsCommand makes the command `jobs` or `orders`.
func NewRowsCommand(env cli.Env, k RowKind) *cobra.Command {
	var o cli.Form
	var limit int
	cmd := &cobra.Command{
		Use:   k.command,
		Short: "List " + k.command + " and their status, the one with the newest event first",
		Long: `List ` + k.command + ` and their status, the one with the newest event first. With --json each one
comes with its journey. It reads the store, even while a receiver writes to it.`,
		Example: k.example,
		Args:    cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 0 {
				return cli.UsageError(errors.New("--limit: want a number of " + k.command + ", or 0 for all"))
			}
			return env.Interruptible(cmd.Context(), func(ctx context.Context) error {
				return store.Read(ctx, env, cmd, false, func(ctx context.Context, c *config.Config, log receiver.Reader) error {
					return listRows(ctx, env, c, log, k, limit, &o)
				})
			})
		},
	}
	config.AddFlags(cmd.Flags(), "config", "store", "statuses", "final", "filter", "color")
	config.AddFlags(cmd.Flags(), config.StreamFlags()...)
	o.AddFlags(cmd.Flags(), "print JSON lines, with journeys")
	cli.Complete(cmd, "filter", completeFilter(env, k.kind))
	cmd.Flags().IntVarP(&limit, "limit", "n", 0, "list `NUMBER` of them (default 0: all)")
	return cmd
}

func listRows(ctx context.Context, env cli.Env, c *config.Config, log receiver.Reader, k RowKind, limit int, o *cli.Form) error {
	selection := c.Selection()
	if err := selection.Only(filter.RowKeys()...); err != nil {
		return cli.UsageError(err)
	}
	WarnUnknown(env.Say, selection)
	theme := config.NewTheme(env, c)
	print, err := cli.Records(env, o, cli.NewListing(env, theme, rowColumns(theme, k.kind, env.Now())).Print)
	if err != nil {
		return err
	}
	l := rowLister{log: log, query: receiver.RowQuery{Kind: k.kind, Updates: !o.ForPeople()}, limit: limit, print: print}
	if !selection.Empty() {
		l.keep = func(r *receiver.Row) bool { return selection.Row(r, env.Now()) }
	}
	err = l.run(ctx)
	if err == nil && len(l.printed) == 0 {
		env.Say("there are no %s%s yet", map[bool]string{false: "such "}[selection.Empty()], k.command)
	}
	return err
}
