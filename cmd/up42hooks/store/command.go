package store

import (
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// NewCommand makes the command `store`.
func NewCommand(env cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "store",
		Short: "Inspect, check, repair, copy and compact the store",
		Long: `Maintain the store. The commands info, backup, export and verify read it, even while a
receiver writes to it. The commands compact, import, repair and forget change it: stop the receiver
first.`,
		Example: `  up42hooks store info
  up42hooks store backup backup.db
  up42hooks store export backup.jsonl
  up42hooks store import --store copy.db backup.jsonl
  up42hooks store verify || up42hooks store repair`,
		Args: cli.KnownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newInfoCommand(env), newBackupCommand(env), newCompactCommand(env), newExportCommand(env), newImportCommand(env),
		newVerifyCommand(env), newRepairCommand(env), newForgetCommand(env),
	)
	return cmd
}
