package webhooks

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/client/secretcheck"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// change is what the flags say about a webhook: all of a new one, or what to change.
type change struct {
	name, url, events, secret  string
	generate, active, inactive bool
}

func (c *change) addFlags(env cli.Env, cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&c.name, "name", "", "`NAME` of the webhook")
	f.StringVar(&c.url, "url", "", "`URL` that UP42 delivers to: https://, or http:// on this machine")
	f.StringVar(&c.events, "events", "", "`NAMES` of the events to subscribe to, with commas between, as \"webhooks events\" lists them")
	f.StringVar(&c.secret, "secret", "", "`SECRET` that signs its deliveries, '' for none; other users of the machine can see flags: - reads it from standard input")
	f.BoolVar(&c.generate, "generate-secret", false, "generate a secret")
	f.BoolVar(&c.active, "active", false, "deliver events")
	f.BoolVar(&c.inactive, "inactive", false, "do not deliver events")
	cli.Complete(cmd, "events", completeEvents(env))
}

// check checks the flags before anything is sent to UP42.
func (c *change) check(f *pflag.FlagSet) error {
	switch {
	case f.Changed("secret") && c.generate:
		return errors.New("--secret can't be used with --generate-secret")
	case c.active && c.inactive:
		return errors.New("--active can't be used with --inactive")
	}
	checks := []struct {
		flag  string
		check func() error
	}{
		{"name", func() error { return client.CheckName(c.name) }},
		{"url", func() error { return client.CheckURL(c.url) }},
		{"events", func() error { return client.CheckEvents(splitNames(c.events)) }},
		{"secret", func() error { return client.CheckSecret(client.Secret(c.secret)) }},
	}
	for _, x := range checks {
		if !f.Changed(x.flag) {
			continue
		}
		if err := x.check(); err != nil {
			return fmt.Errorf("--%s: %w", x.flag, err)
		}
	}
	return nil
}

// given reports whether the flags change anything.
func (c *change) given(f *pflag.FlagSet) bool {
	return slices.ContainsFunc(
		[]string{"name", "url", "events", "secret", "generate-secret", "active", "inactive"}, f.Changed)
}

// readSecret generates the secret, or reads it from standard input, if the flags say
// so.
func (c *change) readSecret(env cli.Env) error {
	switch {
	case c.generate:
		s, err := client.NewSecret(rand.Reader)
		c.secret = s.Reveal()
		return err
	case c.secret != "-":
		c.sayProblems(env)
		return nil
	}
	s, err := env.ReadHidden("secret: ")
	if err == nil {
		err = client.CheckSecret(client.Secret(s))
	}
	if err == nil && s == "" {
		err = errors.New("it is empty")
	}
	if err != nil {
		return cli.UsageError(fmt.Errorf("--secret from standard input: %w", err))
	}
	c.secret = s
	c.sayProblems(env)
	return nil
}

// sayProblems warns of a secret that is probably not what the user means. It is used
// nevertheless.
func (c *change) sayProblems(env cli.Env) {
	for _, p := range secretcheck.New(c.secret) {
		env.Say("warning: the secret %s. %s", p.What, p.Todo)
	}
}

// apply changes a webhook. It returns the names of the fields that are different now.
func (c *change) apply(hook *client.Webhook, f *pflag.FlagSet) (changed []string) {
	set := func(flag, field string, differs bool, assign func()) {
		if f.Changed(flag) && differs {
			assign()
			changed = append(changed, field)
		}
	}
	events := splitNames(c.events)
	secret := client.Secret(c.secret)
	set("name", "name", hook.Name != c.name, func() { hook.Name = c.name })
	set("url", "url", hook.URL != c.url, func() { hook.URL = c.url })
	set("events", "events", !slices.Equal(hook.Events, events), func() { hook.Events = events })
	setSecret := func() { hook.Secret, hook.SecretUnknown = secret, false }
	set("secret", "secret", hook.SecretUnknown || hook.Secret != secret, setSecret)
	set("generate-secret", "secret", c.generate, setSecret)
	set("active", "active", hook.Active != c.active, func() { hook.Active = c.active })
	set("inactive", "active", hook.Active == c.inactive, func() { hook.Active = !c.inactive })
	return changed
}

// sayGenerated says how to see a generated secret. If UP42's answer does not show the
// secret, this is the last time that anybody can see it.
func (c *change) sayGenerated(env cli.Env, o output, answer client.Webhook) {
	switch {
	case !c.generate:
	case answer.SecretUnknown:
		env.Say("generated a secret, and UP42 does not show it again: keep it, and give it to the receiver as UP42_WEBHOOK_SECRET: %s", c.secret)
	case !o.secrets:
		env.Say("generated a secret; see it with: up42hooks webhooks get %s --show-secrets", answer.ID)
	}
}

// splitNames returns the names in a list with commas, each one once.
func splitNames(list string) (names []string) {
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
