package store

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/tui/number"
)

func newRepairCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	cmd := &cobra.Command{
		Use:   "repair",
		Short: "Make a sound store out of a damaged one",
		Long: `Make a sound store of all that can be read of a damaged one, and say what is missing.
The damaged file is kept beside it; its name then ends in .damaged- and the time. It is
yours to delete. A store that is sound is not changed.

If the command fails, the damaged store stays as it is. If it is interrupted, run it
once more. It takes as much free disk as the store has. Stop the receiver first.`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withLock(env, cmd, func(ctx context.Context, c *config.Config) error {
				r, err := sqlite.Repair(ctx, c.Store)
				if err != nil {
					return err
				}
				return cli.Print(env, &o, func() error {
					sayRepaired(env, c.Store, &r)
					return nil
				}, repairRecord{c.Store, r.Sound, r.Noted, r.Problem, r.Kept, r.Resumed, r.Events, r.Rejected, lossOf(&r.Salvaged)})
			})
		},
	}
	config.AddFlags(cmd.Flags(), "config", "store")
	o.AddFlags(cmd.Flags(), "print JSON")
	return cmd
}

func sayRepaired(env cli.Env, file string, r *sqlite.RepairResult) {
	if r.Sound {
		env.Say("the store is sound: nothing was changed")
		if r.Noted != "" {
			env.Say("a receiver had found it damaged, %s", r.Noted)
			env.Say("all of it was read now, and nothing is wrong any more: the next receiver takes deliveries. If that comes again, check the disk and the memory")
		}
		return
	}
	env.Say("%s was damaged: %s", file, r.Problem)
	env.Say("the damaged file is kept as %s", r.Kept)
	if r.Resumed {
		env.Say("the repair is done; up42hooks store info shows what the store has")
		return
	}
	env.Say("repaired: the store has %s and %s rejected", cli.Count(int(r.Events), "event"), number.Format(r.Rejected))
	sayLoss(env, &r.Salvaged)
}
