package webhooks

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

func newCreateCommand(env cli.Env) *cobra.Command {
	var c change
	var o output
	cmd := &cobra.Command{
		Use:        "create",
		SuggestFor: []string{"add", "new", "register"},
		Short:      "Create a webhook",
		Long: `Create a webhook and print it as UP42 has it. It is active unless --inactive is given.
Without --events it subscribes to all events that UP42 names, see "webhooks events".
Without --secret a secret is generated, so that deliveries are signed. A receiver with
the same credentials learns it from UP42. Without --url the URL is the receiver's public
URL, if that is configured.`,
		Example: `  up42hooks webhooks create --name mine --url https://hooks.example.com/receive-webhooks
  up42hooks webhooks create --name mine --url https://hooks.example.com/receive-webhooks \
      --events order.status --secret - < secret.txt`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := c.complete(env, cmd); err != nil {
				return cli.UsageError(err)
			}
			return withSession(env, cmd.Flags(), func(s *session) error { return s.create(cmd, &c, o) })
		},
	}
	addAccountFlags(cmd.Flags())
	c.addFlags(env, cmd)
	o.addFlags(cmd.Flags())
	return cmd
}

// complete sets the defaults of a new webhook and checks it.
func (c *change) complete(env cli.Env, cmd *cobra.Command) error {
	f := cmd.Flags()
	if !f.Changed("url") {
		settings, _, err := config.Read(f, env)
		if err != nil {
			return err
		}
		if u := config.PublicURL(settings); u != "" {
			if err := f.Set("url", u); err != nil {
				return err
			}
		}
	}
	for _, name := range []string{"name", "url"} {
		if !f.Changed(name) {
			return errors.New("--" + name + " is missing; see " + cmd.CommandPath() + " --help")
		}
	}
	c.generate = c.generate || !f.Changed("secret")
	return c.check(f)
}

func (s *session) create(cmd *cobra.Command, c *change, o output) error {
	if err := c.readSecret(s.Env); err != nil {
		return err
	}
	wanted := client.Webhook{Active: true}
	c.apply(&wanted, cmd.Flags())
	wanted.Secret = client.Secret(c.secret)
	events, err := call(cmd.Context(), s, callTimeout, func(ctx context.Context) ([]string, error) { return s.events(ctx, wanted.Events) })
	if err != nil {
		return err
	}
	wanted.Events = events
	sameName := 0
	s.check = "up42hooks webhooks list"
	s.changes.Store(true)
	hook, err := call(cmd.Context(), s, callTimeout, func(ctx context.Context) (client.Webhook, error) {
		hook, err := s.api.CreateWebhook(ctx, wanted)
		if err == nil {
			sameName = s.countNamed(ctx, hook.Name)
		}
		return hook, err
	})
	if err != nil {
		return err
	}
	if sameName > 1 {
		s.Say("warning: %d webhooks are named %q now: only their ids tell them apart", sameName, hook.Name)
	}
	c.sayGenerated(s.Env, o, hook)
	if hook = hook.WithSecretOf(wanted); hook.Secret == "" {
		s.Say("it has no secret: its deliveries are not signed, and are accepted with --allow-unsigned only")
	}
	return o.print(s.Env, hook)
}

// countNamed returns how many webhooks have a name. It returns 0 if UP42 does not
// say, because that is no reason to fail.
func (s *session) countNamed(ctx context.Context, name string) (n int) {
	all, _ := s.api.Webhooks(ctx)
	for _, w := range all {
		if w.Name == name {
			n++
		}
	}
	return n
}
