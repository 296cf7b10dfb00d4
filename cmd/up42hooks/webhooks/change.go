package webhooks

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// webhookChange is what flags say of a webhook: all of it where it is created,
// what is to change where it is updated.
type webhookChange struct {
	name, url, events, secret  string
	generate, active, inactive bool
}

func (c *webhookChange) addFlags(f *pflag.FlagSet) {
	f.StringVar(&c.name, "name", "", "`NAME` of the webhook")
	f.StringVar(&c.url, "url", "", "`URL` that UP42 delivers to: https://, or http:// on this machine")
	f.StringVar(&c.events, "events", "", "`NAMES` of the events to subscribe to, like job.status,order.status")
	f.StringVar(&c.secret, "secret", "", "`SECRET` that signs its deliveries, '' for none; others on this machine can see flags: - reads it from standard input")
	f.BoolVar(&c.generate, "generate-secret", false, "have a secret made")
	f.BoolVar(&c.active, "active", false, "deliver")
	f.BoolVar(&c.inactive, "inactive", false, "do not deliver")
}

// check checks what was given, before anybody is asked anything.
func (c *webhookChange) check(f *pflag.FlagSet) error {
	switch {
	case f.Changed("secret") && c.generate:
		return errors.New("--secret does not go with --generate-secret")
	case c.active && c.inactive:
		return errors.New("--active does not go with --inactive")
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

// given says whether anything is to change.
func (c *webhookChange) given(f *pflag.FlagSet) bool {
	return slices.ContainsFunc(
		[]string{"name", "url", "events", "secret", "generate-secret", "active", "inactive"}, f.Changed)
}

// readSecret replaces the secret - by what standard input says, and makes one
// where that is asked for.
func (c *webhookChange) readSecret(w cli.Env) error {
	switch {
	case c.generate:
		s, err := client.NewSecret(rand.Reader)
		c.secret = s.Reveal()
		return err
	case c.secret != "-":
		return nil
	}
	s, err := typedSecret(w)
	if err == nil {
		err = client.CheckSecret(client.Secret(s))
	}
	if err == nil && s == "" {
		err = errors.New("there is none")
	}
	if err != nil {
		return cli.UsageError(fmt.Errorf("--secret from standard input: %w", err))
	}
	c.secret = s
	return nil
}

// apply makes the change to a webhook and says what it changed.
func (c *webhookChange) apply(hook *client.Webhook, f *pflag.FlagSet) (changed []string) {
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
	set("secret", "secret", hook.Secret != secret, func() { hook.Secret = secret })
	set("generate-secret", "secret", c.generate, func() { hook.Secret = secret })
	set("active", "active", hook.Active != c.active, func() { hook.Active = c.active })
	set("inactive", "active", hook.Active == c.inactive, func() { hook.Active = !c.inactive })
	return changed
}

// splitNames are the names in a list, each once.
func splitNames(list string) (names []string) {
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
