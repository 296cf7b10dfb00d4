package webhooks

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

func newWebhooksListCommand(w cli.Env) *cobra.Command {
	var o webhookOutput
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the workspace's webhooks",
		Example: `  up42hooks webhooks list
  up42hooks webhooks list --json | jq -r 'select(.active) | .id'`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return signedIn(w, cmd.Flags(), func(s *session) error {
				var hooks []client.Webhook
				err := s.call(cmd.Context(), answerWait, func(ctx context.Context) (err error) {
					hooks, err = s.api.Webhooks(ctx)
					return err
				})
				if err == nil && len(hooks) == 0 {
					w.Say("there are no webhooks in this workspace yet; see up42hooks webhooks create --help")
					return nil
				}
				if err != nil {
					return err
				}
				return o.list(s, hooks)
			})
		},
	}
	addAccountFlags(cmd.Flags())
	o.addFlags(cmd.Flags())
	return cmd
}

func newWebhooksGetCommand(w cli.Env) *cobra.Command {
	var o webhookOutput
	cmd := &cobra.Command{
		Use:   "get WEBHOOK",
		Short: "Show one webhook",
		Example: `  up42hooks webhooks get mine
  up42hooks webhooks get mine --json --show-secrets | jq -r .secret`,
		Args: oneWebhook,
		RunE: func(cmd *cobra.Command, args []string) error {
			return signedIn(w, cmd.Flags(), func(s *session) error {
				var hook client.Webhook
				err := s.call(cmd.Context(), answerWait, func(ctx context.Context) (err error) {
					hook, err = s.find(ctx, args[0])
					return err
				})
				if err != nil {
					return err
				}
				return o.print(w, hook)
			})
		},
	}
	addAccountFlags(cmd.Flags())
	o.addFlags(cmd.Flags())
	return cmd
}

func newWebhooksEventsCommand(w cli.Env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "events",
		Short: "List the event types that a webhook can subscribe to",
		Args:  cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return signedIn(w, cmd.Flags(), func(s *session) error {
				var types []client.EventType
				err := s.call(cmd.Context(), answerWait, func(ctx context.Context) (err error) {
					types, err = s.api.EventTypes(ctx)
					return err
				})
				if err != nil {
					return err
				}
				if asJSON {
					return cli.PrintJSON(w, types...)
				}
				return s.listEventTypes(types)
			})
		},
	}
	addAccountFlags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON lines")
	return cmd
}

func (s *session) listEventTypes(types []client.EventType) error {
	return cli.NewListing(s.Env, cli.NewTheme(s.Env, s.config.Theme, s.config.HighContrast), []cli.Column[client.EventType]{
		{Title: "EVENT", Cell: func(t client.EventType) string { return t.Name }},
		{Title: "TITLE", Least: 8, Cell: func(t client.EventType) string { return cli.OrDash(t.Title) }},
		{Title: "CATEGORY", Least: 8, Cell: func(t client.EventType) string { return cli.OrDash(t.Category) }},
		{Title: "DESCRIPTION", Least: 16, Cell: func(t client.EventType) string { return cli.OrDash(t.Description) }},
	}).Print(types)
}
