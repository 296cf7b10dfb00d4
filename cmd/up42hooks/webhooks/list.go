package webhooks

import (
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

func newListCommand(env cli.Env) *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use:        "list",
		SuggestFor: []string{"ls", "all"},
		Short:      "List the workspace's webhooks",
		Example: `  up42hooks webhooks list
  up42hooks webhooks list --json | jq -r 'select(.active) | .id'`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withSession(env, cmd.Flags(), func(s *session) error {
				hooks, err := call(cmd.Context(), s, callTimeout, s.api.Webhooks)
				if err == nil && len(hooks) == 0 {
					env.Say("there are no webhooks in this workspace yet; see up42hooks webhooks create --help")
					if o.ForPeople() {
						return nil
					}
				}
				if err != nil {
					return err
				}
				return o.list(s, hooks)
			})
		},
	}
	addAccountFlags(cmd.Flags(), "color")
	o.addFlags(cmd.Flags())
	return cmd
}
