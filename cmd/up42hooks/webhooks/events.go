package webhooks

import (
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

func newEventsCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	cmd := &cobra.Command{
		Use:   "events",
		Short: "List the event types that a webhook can subscribe to",
		Args:  cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withSession(env, cmd.Flags(), func(s *session) error {
				types, err := call(cmd.Context(), s, callTimeout, s.api.EventTypes)
				if err != nil {
					return err
				}
				return cli.Print(env, &o, func() error { return listEventTypes(s, types) }, types...)
			})
		},
	}
	addAccountFlags(cmd.Flags(), "color")
	o.AddFlags(cmd.Flags(), "print JSON lines")
	return cmd
}

func listEventTypes(s *session, types []client.EventType) error {
	return cli.NewListing(s.Env, config.NewTheme(s.Env, s.config), []cli.Column[client.EventType]{
		{Title: "EVENT", Cell: func(t client.EventType) string { return t.Name }},
		{Title: "TITLE", Least: 8, Cell: func(t client.EventType) string { return cli.OrDash(t.Title) }},
		{Title: "CATEGORY", Least: 8, Cell: func(t client.EventType) string { return cli.OrDash(t.Category) }},
		{Title: "DESCRIPTION", Least: 16, Cell: func(t client.EventType) string { return cli.OrDash(t.Description) }},
	}).Print(types)
}
