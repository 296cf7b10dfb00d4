package actions

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// Remove deletes a webhook. It reads the webhook first, so that Undo can create
// it again as it was.
func (a *Actions) Remove(w client.Webhook, from Asker) tea.Cmd {
	if a.Busy(w.ID) {
		return nil
	}
	type answer struct {
		saved
		already bool
	}
	api := a.o.API
	c := &Call{id: w.ID, Does: "deleting", Name: webhook.Name(w), changes: true, from: from}
	return begin(&a.Calls, c, func(ctx context.Context) answer {
		now, err := api.Webhook(ctx, w.ID)
		if err != nil {
			now = w
		} else {
			now = now.WithSecretOf(w)
			err = api.DeleteWebhook(ctx, w.ID)
		}
		if client.NotFound(err) {
			return answer{saved{now, nil}, true}
		}
		return answer{saved{now, err}, false}
	}, func(got answer) tea.Cmd {
		if got.err != nil {
			if client.MayBeDone(got.err) {
				a.deleted.perhaps(got.webhook)
			}
			return a.failed(c, "could not delete", got.err)
		}
		c.close()
		a.deleted.add(got.webhook)
		if name := webhook.Name(got.webhook); got.already && !a.deleted.tried[w.ID] {
			a.o.Say.Hint(name + " was deleted already, by somebody else; " + a.deleted.again(got.webhook))
		} else {
			a.o.Say.Info("deleted " + name + "; " + a.deleted.again(got.webhook))
		}
		return a.drop(w.ID)
	})
}
