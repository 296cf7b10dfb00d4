// Package webhooks has the commands for the workspace's webhooks at UP42.
package webhooks

import (
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// NewCommand makes the command `webhooks`.
func NewCommand(env cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "webhooks",
		Short: "Manage the workspace's webhooks at UP42",
		Long: `Manage the workspace's webhooks at UP42. WEBHOOK is a webhook's id, or its name if only
one webhook has that name.

The commands need an account: set UP42_USERNAME and UP42_PASSWORD, or UP42_TOKEN, or give
--credentials FILE, as UP42's SDK has it, or run "up42hooks login". Secrets are hidden unless --show-secrets is given.`,
		Example: `  up42hooks webhooks list
  up42hooks webhooks create --name mine --url https://hooks.example.com/receive-webhooks \
      --events order.status --generate-secret
  up42hooks webhooks update mine --inactive
  up42hooks webhooks test mine`,
		Args: cli.KnownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newListCommand(env), newGetCommand(env), newCreateCommand(env), newUpdateCommand(env),
		newDeleteCommand(env), newTestCommand(env), newEventsCommand(env),
	)
	return cmd
}
