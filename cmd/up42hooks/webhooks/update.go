package webhooks

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

func newUpdateCommand(env cli.Env) *cobra.Command {
	var c change
	var o output
	cmd := &cobra.Command{
		Use:        "update WEBHOOK",
		SuggestFor: []string{"edit", "set", "change", "modify", "patch"},
		Short:      "Change a webhook",
		Long: `Change what the flags name, and print the webhook as UP42 has it then. The other fields
stay: UP42 replaces webhooks as a whole, so the command reads the webhook, changes it and
sends it back. If UP42 does not show the webhook's secret, the command needs --secret or
--generate-secret.`,
		Example: `  up42hooks webhooks update mine --inactive
  up42hooks webhooks update mine --name theirs --events order.status
  up42hooks webhooks update mine --generate-secret
  up42hooks webhooks update mine --secret - < secret.txt`,
		Args:              webhookArg,
		ValidArgsFunction: completeWebhooks(env),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !c.given(cmd.Flags()) {
				return cli.UsageError(errors.New("there is nothing to change: give --name, --url, --events, --secret, --generate-secret, --active or --inactive"))
			}
			if err := c.check(cmd.Flags()); err != nil {
				return cli.UsageError(err)
			}
			return withSession(env, cmd.Flags(), func(s *session) error { return s.update(cmd, args[0], &c, o) })
		},
	}
	addAccountFlags(cmd.Flags())
	c.addFlags(env, cmd)
	o.addFlags(cmd.Flags())
	return cmd
}

func (s *session) update(cmd *cobra.Command, ref string, c *change, o output) error {
	if err := c.readSecret(s.Env); err != nil {
		return err
	}
	var changed []string
	var sent client.Webhook
	hook, err := call(cmd.Context(), s, callTimeout, func(ctx context.Context) (client.Webhook, error) {
		hook, err := s.find(ctx, ref)
		if err != nil {
			return hook, err
		}
		name := hook.Name
		if changed = c.apply(&hook, cmd.Flags()); len(changed) == 0 {
			return hook, nil
		}
		if hook.SecretUnknown {
			return hook, cli.Failed(fmt.Sprintf("UP42 does not show the secret of %q, and would remove it: give it with --secret -, or a new one with --generate-secret (--secret '' for none)", name))
		}
		if slices.Contains(changed, "events") {
			if hook.Events, err = s.events(ctx, hook.Events); err != nil {
				return hook, err
			}
		}
		sent = hook
		s.check = "up42hooks webhooks get " + hook.ID
		s.changes.Store(true)
		return s.api.UpdateWebhook(ctx, hook)
	})
	if err != nil {
		return err
	}
	if len(changed) == 0 {
		s.Say("nothing to change: the webhook is like this already")
	} else {
		s.Say("changed: %s", strings.Join(changed, ", "))
		c.sayGenerated(s.Env, o, hook)
		hook = hook.WithSecretOf(sent)
	}
	return o.print(s.Env, hook)
}
