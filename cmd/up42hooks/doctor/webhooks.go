package doctor

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/loopback"
)

// checkWebhooks checks the webhooks that point here.
func (e *examination) checkWebhooks(ctx context.Context) (out []finding) {
	if e.unlisted != "" {
		return []finding{found(note, "not checked: %s", e.unlisted)}
	}
	events, err := e.account.EventNames(ctx)
	if err != nil {
		out = append(out, found(severity(err), "UP42's events are not known: %v", err).todo("%s", client.Advice(err)))
	}
	if len(e.hooks) == 0 {
		return append(out, e.noWebhook())
	}
	for i := range e.hooks {
		out = append(out, e.aboutWebhook(&e.hooks[i], events)...)
	}
	return out
}

// noWebhook is the finding if no webhook points here.
func (e *examination) noWebhook() finding {
	url := config.WebhookURL(e.config, e.address())
	if url == "" {
		return found(warn, "no webhook of the workspace is known to point here: there is no public URL").
			todo("give the URL under which UP42 reaches the receiver with --public-url")
	}
	return found(warn, "no webhook of the workspace points here, to %s", url).
		todo("up42hooks webhooks create --name up42hooks --url %s, or change the URL of one that you have", url)
}

// aboutWebhook returns a warning for each problem of a webhook, or one good finding. events
// are those that UP42 names, nil if they are not known.
func (e *examination) aboutWebhook(w *client.Webhook, events []string) (out []finding) {
	problem := func(what, todo string, args ...any) {
		out = append(out, found(warn, "%q (%s) %s", w.Name, w.ID, what).todo(todo, args...))
	}
	if !w.Active {
		problem("is not active: UP42 sends it nothing", "up42hooks webhooks update %s --active", w.ID)
	}
	if w.Secret == "" && !w.SecretUnknown {
		problem("has no secret: UP42 signs nothing", "up42hooks webhooks update %s --generate-secret", w.ID)
	}
	if len(w.Events) == 0 {
		problem("subscribes to no event", "up42hooks webhooks update %s --events %s", w.ID, cmp.Or(strings.Join(events, ","), "NAMES"))
	}
	if u, err := url.Parse(w.URL); err == nil && u.Scheme == "http" && !loopback.Host(u.Hostname()) {
		problem("has a URL without HTTPS", "up42hooks webhooks update %s --url https://…", w.ID)
	}
	if len(out) > 0 {
		return out
	}
	known := "which a receiver with this account learns"
	switch {
	case w.SecretUnknown:
		return []finding{found(note, "%q (%s) points here, is active and subscribes to %s; UP42 does not show its secret", w.Name, w.ID, strings.Join(w.Events, ", ")).
			todo("give its secret to the receiver with --secret-file or UP42_WEBHOOK_SECRET")}
	case slices.Contains(e.secrets, w.Secret.Reveal()):
		known = "which is configured here"
	}
	return []finding{found(ok, "%q (%s) points here, is active, has a secret, %s, and subscribes to %s",
		w.Name, w.ID, known, strings.Join(w.Events, ", "))}
}
