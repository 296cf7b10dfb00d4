package webhooks

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/tui/text"
)

// webhookOutput says how webhooks are printed.
type webhookOutput struct{ json, secrets bool }

func (o *webhookOutput) addFlags(f *pflag.FlagSet) {
	f.BoolVar(&o.json, "json", false, "print JSON, a webhook a line, as UP42 names its fields")
	f.BoolVar(&o.secrets, "show-secrets", false, "show secrets")
}

// webhookRecord fixes names and order of what --json prints of a webhook: as
// UP42 has them.
type webhookRecord struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	URL       string     `json:"url"`
	Events    []string   `json:"events"`
	Active    bool       `json:"active"`
	Secret    string     `json:"secret"`
	CreatedAt *time.Time `json:"createdAt"`
	UpdatedAt *time.Time `json:"updatedAt"`
}

func (o webhookOutput) record(w client.Webhook) webhookRecord {
	r := webhookRecord{
		ID: w.ID, Name: w.Name, URL: w.URL, Events: w.Events, Active: w.Active,
		Secret: w.Secret.String(), CreatedAt: known(w.CreatedAt), UpdatedAt: known(w.UpdatedAt),
	}
	if r.Events == nil {
		r.Events = []string{}
	}
	if o.secrets {
		r.Secret = w.Secret.Reveal()
	}
	return r
}

// known is nil for a time that UP42 did not tell.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// secret is a webhook's secret in words, or itself.
func (o webhookOutput) secret(s client.Secret) string {
	switch {
	case s == "":
		return "none"
	case o.secrets:
		return s.Reveal()
	default:
		return "set"
	}
}

// print prints one webhook with all that UP42 says of it.
func (o webhookOutput) print(w cli.Env, hook client.Webhook) error {
	if o.json {
		return cli.PrintJSON(w, o.record(hook))
	}
	secret := o.secret(hook.Secret)
	if hook.Secret != "" && !o.secrets {
		secret = "set, shown with --show-secrets"
	}
	r := &report{}
	r.line("id", hook.ID)
	r.line("name", hook.Name)
	r.line("url", hook.URL)
	r.line("events", strings.Join(hook.Events, ", "))
	r.line("active", yes(hook.Active))
	r.line("secret", secret)
	r.line("created", stampKnown(hook.CreatedAt))
	r.line("updated", stampKnown(hook.UpdatedAt))
	return r.print(w.Stdout)
}

// list prints webhooks as a table.
func (o webhookOutput) list(s *session, hooks []client.Webhook) error {
	if o.json {
		records := make([]webhookRecord, len(hooks))
		for i := range hooks {
			records[i] = o.record(hooks[i])
		}
		return cli.PrintJSON(s.Env, records...)
	}
	type hook = client.Webhook
	return cli.NewListing(s.Env, cli.NewTheme(s.Env, s.config.Theme, s.config.HighContrast), []cli.Column[hook]{
		{Title: "WEBHOOK", Width: 36, Least: 36, Cell: func(h hook) string { return h.ID }},
		{Title: "NAME", Least: 8, Cell: func(h hook) string { return cli.OrDash(h.Name) }},
		{Title: "ACTIVE", Cell: func(h hook) string { return yes(h.Active) }},
		{Title: "SECRET", Cell: func(h hook) string { return o.secret(h.Secret) }},
		{Title: "URL", Least: 16, Cell: func(h hook) string { return cli.OrDash(h.URL) }},
		{Title: "EVENTS", Least: 12, Cell: func(h hook) string { return cli.OrDash(strings.Join(h.Events, ",")) }},
	}).Print(hooks)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func stampKnown(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return cli.FormatTime(t)
}

// report is text in lines of a name and a value.
type report struct{ strings.Builder }

// line adds a line; the value need not be clean.
func (r *report) line(name, value string) {
	fmt.Fprintf(r, "  %-10s %s\n", name, cli.OrDash(text.Clean(value, 0)))
}

func (r *report) print(out io.Writer) error {
	_, err := io.WriteString(out, r.String())
	return err
}
