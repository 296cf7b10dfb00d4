package actions

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks/form"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// Save changes a webhook from before to after. A PUT replaces all fields, so Save
// reads the webhook first: if somebody else has changed it, nothing is sent, and
// conflict gets what the webhook is now.
func (a *Actions) Save(before, after client.Webhook, from Asker, conflict func(now client.Webhook)) tea.Cmd {
	if a.Busy(before.ID) {
		return nil
	}
	type answer struct {
		saved
		conflict bool
	}
	api := a.o.API
	c := &Call{id: before.ID, Does: "saving", Name: webhook.Name(before), changes: true, from: from}
	return begin(&a.Calls, c, func(ctx context.Context) answer {
		now, err := api.Webhook(ctx, before.ID)
		switch {
		case err != nil:
			return answer{saved: saved{err: err}}
		case len(form.Differences(before, now)) > 0:
			return answer{saved: saved{webhook: now}, conflict: true}
		}
		sent := form.Rebase(before, after, now)
		w, err := api.UpdateWebhook(ctx, sent)
		return answer{saved: saved{withSecret(w, sent), err}}
	}, func(got answer) tea.Cmd {
		switch {
		case client.NotFound(got.err):
			c.close()
			return a.vanished(before)
		case got.err != nil:
			return a.failed(c, "could not save", got.err, before.Secret, after.Secret)
		case got.conflict:
			cmd := a.o.List.Change(got.webhook)
			if !c.givenUp {
				conflict(got.webhook)
			}
			return cmd
		}
		c.close()
		a.o.Say.Info("saved " + webhook.Name(got.webhook))
		return a.o.List.Change(got.webhook)
	})
}
