package webhooks

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

func newWebhooksCreateCommand(w cli.Env) *cobra.Command {
	var c webhookChange
	var o webhookOutput
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Create a webhook",
		Long: `Create a webhook and print it as UP42 has it. It is active unless --inactive is given.
Where no secret is named one is made, so that deliveries are signed; a receiver that
has the same credentials learns it from UP42. Where no URL is named it is the public
one of the receiver, if that is configured.`,
		Example: `  up42hooks webhooks create --name mine --url https://hooks.example.com/receive-webhooks \
      --events job.status,order.status
  up42hooks webhooks create --name mine --url https://hooks.example.com/receive-webhooks \
      --events order.status --secret - < secret.txt`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := c.complete(w, cmd); err != nil {
				return cli.UsageError(err)
			}
			return signedIn(w, cmd.Flags(), func(s *session) error { return s.create(cmd, &c, o) })
		},
	}
	addAccountFlags(cmd.Flags())
	c.addFlags(cmd.Flags())
	o.addFlags(cmd.Flags())
	return cmd
}

// complete fills in what create need not be told, and checks all of it.
func (c *webhookChange) complete(w cli.Env, cmd *cobra.Command) error {
	f := cmd.Flags()
	if !f.Changed("url") {
		settings, _, err := config.Load(f, w.Getenv)
		if err != nil {
			return err
		}
		if u := config.PublicURL(settings); u != "" {
			if err := f.Set("url", u); err != nil {
				return err
			}
		}
	}
	for _, name := range []string{"name", "url", "events"} {
		if !f.Changed(name) {
			return errors.New("--" + name + " is missing; see " + cmd.CommandPath() + " --help")
		}
	}
	c.generate = c.generate || !f.Changed("secret")
	return c.check(f)
}

func (s *session) create(cmd *cobra.Command, c *webhookChange, o webhookOutput) error {
	if err := c.readSecret(s.Env); err != nil {
		return err
	}
	hook := client.Webhook{Active: true}
	c.apply(&hook, cmd.Flags())
	hook.Secret = client.Secret(c.secret)
	namesakes := 0
	s.look = "up42hooks webhooks list"
	err := s.call(cmd.Context(), answerWait, func(ctx context.Context) (err error) {
		if hook, err = s.api.CreateWebhook(ctx, hook); err == nil {
			namesakes = s.namesakes(ctx, hook.Name)
		}
		return err
	})
	if err != nil {
		return err
	}
	if namesakes > 1 {
		s.Say("warning: %d webhooks are named %q now: only their ids tell them apart", namesakes, hook.Name)
	}
	s.sayGeneratedSecret(c, o, hook)
	if hook.Secret == "" {
		s.Say("it has no secret: its deliveries are not signed, and taken with --allow-unsigned only")
	}
	return o.print(s.Env, hook)
}

// namesakes is how many webhooks have a name; 0: that can't be told, which is
// no reason to fail.
func (s *session) namesakes(ctx context.Context, name string) (n int) {
	all, _ := s.api.Webhooks(ctx)
	for _, w := range all {
		if w.Name == name {
			n++
		}
	}
	return n
}

// sayGeneratedSecret says how to see a secret that was made.
func (s *session) sayGeneratedSecret(c *webhookChange, o webhookOutput, hook client.Webhook) {
	if c.generate && !o.secrets {
		s.Say("made a secret; see it with: up42hooks webhooks get %s --show-secrets", hook.ID)
	}
}

func newWebhooksUpdateCommand(w cli.Env) *cobra.Command {
	var c webhookChange
	var o webhookOutput
	cmd := &cobra.Command{
		Use:   "update WEBHOOK",
		Short: "Change a webhook",
		Long: `Change what is named of a webhook, and print it as UP42 has it then. The rest stays:
UP42 replaces webhooks as a whole, so it is read, changed and sent back.`,
		Example: `  up42hooks webhooks update mine --inactive
  up42hooks webhooks update mine --name theirs --events order.status
  up42hooks webhooks update mine --generate-secret
  up42hooks webhooks update mine --secret - < secret.txt`,
		Args: oneWebhook,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !c.given(cmd.Flags()) {
				return cli.UsageError(errors.New("nothing is to change: give --name, --url, --events, --secret, --generate-secret, --active or --inactive"))
			}
			if err := c.check(cmd.Flags()); err != nil {
				return cli.UsageError(err)
			}
			return signedIn(w, cmd.Flags(), func(s *session) error { return s.update(cmd, args[0], &c, o) })
		},
	}
	addAccountFlags(cmd.Flags())
	c.addFlags(cmd.Flags())
	o.addFlags(cmd.Flags())
	return cmd
}

func (s *session) update(cmd *cobra.Command, ref string, c *webhookChange, o webhookOutput) error {
	if err := c.readSecret(s.Env); err != nil {
		return err
	}
	var hook client.Webhook
	var changed []string
	err := s.call(cmd.Context(), answerWait, func(ctx context.Context) (err error) {
		if hook, err = s.find(ctx, ref); err != nil {
			return err
		}
		if changed = c.apply(&hook, cmd.Flags()); len(changed) > 0 {
			hook, err = s.api.UpdateWebhook(ctx, hook)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(changed) == 0 {
		s.Say("nothing changes: it is so already")
	} else {
		s.Say("changed: %s", strings.Join(changed, ", "))
		s.sayGeneratedSecret(c, o, hook)
	}
	return o.print(s.Env, hook)
}
