package webhooks

import (
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// output is how webhooks are printed.
type output struct {
	cli.Form
	secrets bool
}

func (o *output) addFlags(f *pflag.FlagSet) {
	o.AddFlags(f, "print JSON lines, one webhook a line, with UP42's names")
	f.BoolVar(&o.secrets, "show-secrets", false, "show secrets")
}

// Record is what --json prints of a webhook, with UP42's names and order.
type Record struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	URL       string     `json:"url"`
	Events    []string   `json:"events"`
	Active    bool       `json:"active"`
	Secret    *string    `json:"secret"` // null if UP42 does not show it
	CreatedAt *time.Time `json:"createdAt"`
	UpdatedAt *time.Time `json:"updatedAt"`
}

func (o output) record(w client.Webhook) Record {
	r := Record{
		ID: w.ID, Name: w.Name, URL: w.URL, Events: w.Events, Active: w.Active,
		CreatedAt: orNil(w.CreatedAt), UpdatedAt: orNil(w.UpdatedAt),
	}
	if secret := w.Secret.String(); !w.SecretUnknown {
		r.Secret = &secret
	}
	if r.Events == nil {
		r.Events = []string{}
	}
	if o.secrets && r.Secret != nil {
		*r.Secret = w.Secret.Reveal()
	}
	return r
}

// orNil returns nil for the zero time, which UP42 did not send.
func orNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// secret returns a webhook's secret as it is shown.
func (o output) secret(w client.Webhook) string {
	switch {
	case w.SecretUnknown:
		return "unknown"
	case w.Secret == "":
		return "none"
	case o.secrets:
		return w.Secret.Reveal()
	default:
		return "set"
	}
}

// print prints one webhook with all its fields.
func (o output) print(env cli.Env, hook client.Webhook) error {
	return cli.Print(env, &o.Form, func() error { return o.describe(env, hook) }, o.record(hook))
}

// describe prints one webhook as text.
func (o output) describe(env cli.Env, hook client.Webhook) error {
	secret := o.secret(hook)
	switch {
	case hook.SecretUnknown:
		secret = "unknown: UP42 does not show it"
	case hook.Secret != "" && !o.secrets:
		secret = "set, shown with --show-secrets"
	}
	r := &report{}
	r.line("id", hook.ID)
	r.line("name", hook.Name)
	r.line("url", hook.URL)
	r.line("events", strings.Join(hook.Events, ", "))
	r.line("active", yesOrNo(hook.Active))
	r.line("secret", secret)
	r.line("created", orEmpty(hook.CreatedAt))
	r.line("updated", orEmpty(hook.UpdatedAt))
	return r.print(env.Stdout)
}

// orEmpty formats a time. The zero time is empty.
func orEmpty(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return cli.FormatTime(t)
}

// list prints webhooks as a table.
func (o output) list(s *session, hooks []client.Webhook) error {
	records := make([]Record, len(hooks))
	for i := range hooks {
		records[i] = o.record(hooks[i])
	}
	return cli.Print(s.Env, &o.Form, func() error { return o.table(s, hooks) }, records...)
}

func (o output) table(s *session, hooks []client.Webhook) error {
	type hook = client.Webhook
	return cli.NewListing(s.Env, config.NewTheme(s.Env, s.config), []cli.Column[hook]{
		{Title: "WEBHOOK", Width: 36, Least: 36, Cell: func(h hook) string { return h.ID }},
		{Title: "NAME", Least: 8, Cell: func(h hook) string { return cli.OrDash(h.Name) }},
		{Title: "ACTIVE", Cell: func(h hook) string { return yesOrNo(h.Active) }},
		{Title: "SECRET", Cell: func(h hook) string { return o.secret(h) }},
		{Title: "URL", Least: 16, Cell: func(h hook) string { return cli.OrDash(h.URL) }},
		{Title: "EVENTS", Least: 12, Cell: func(h hook) string { return cli.OrDash(strings.Join(h.Events, ",")) }},
	}).Print(hooks)
}
