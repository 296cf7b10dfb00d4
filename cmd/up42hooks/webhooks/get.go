package webhooks

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

func newGetCommand(env cli.Env) *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use:        "get WEBHOOK",
		SuggestFor: []string{"show", "describe", "info"},
		Short:      "Show one webhook",
		Example: `  up42hooks webhooks get mine
  up42hooks webhooks get mine --json --show-secrets | jq -r .secret`,
		Args:              webhookArg,
		ValidArgsFunction: completeWebhooks(env),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withSession(env, cmd.Flags(), func(s *session) error {
				hook, err := call(cmd.Context(), s, callTimeout, func(ctx context.Context) (client.Webhook, error) { return s.find(ctx, args[0]) })
				if err != nil {
					return err
				}
				return o.print(env, hook)
			})
		},
	}
	addAccountFlags(cmd.Flags())
	o.addFlags(cmd.Flags())
	return cmd
}
