package actions

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// saved is UP42's answer to a call that returns the webhook.
type saved struct {
	webhook client.Webhook
	err     error
}

// createdAnswer is UP42's answer to a call that creates a webhook.
type createdAnswer struct {
	saved
	// hidden: UP42 did not show the secret that it was sent.
	hidden bool
}

// create is the call of Create and Undo.
func (a *Actions) create(c *Call, w client.Webhook, take func(createdAnswer) tea.Cmd) tea.Cmd {
	api := a.o.API
	c.id, c.Does, c.Name, c.changes = newID, "creating", webhook.Name(w), true
	return begin(&a.Calls, c, func(ctx context.Context) createdAnswer {
		created, err := api.CreateWebhook(ctx, w)
		return createdAnswer{saved{withSecret(created, w), err}, created.SecretUnknown}
	}, take)
}

// Create creates a webhook.
func (a *Actions) Create(w client.Webhook, from Asker) tea.Cmd {
	if a.Busy(newID) {
		return nil
	}
	c := &Call{from: from}
	return a.create(c, w, func(s createdAnswer) tea.Cmd {
		if s.err != nil {
			if client.Unsure(s.err) {
				a.unsure = append(a.unsure, Creation{c.Name, s.err})
			}
			return a.failed(c, "could not create", s.err, w.Secret)
		}
		c.close()
		hint := ""
		if copies := keys.First(a.o.Keys.CopySecret); copies != "" {
			hint = ", " + copies + " copies its secret"
		}
		switch {
		case s.webhook.Secret == "":
			hint = ", and it signs nothing"
		case s.hidden && hint != "":
			hint += " now: UP42 does not show it again"
		}
		a.o.Say.Info("created " + webhook.Name(s.webhook) + "; " + keys.First(a.o.Keys.Test) + " tests it" + hint)
		return a.created(s.webhook)
	})
}

// Undo creates the webhook again that was deleted last.
func (a *Actions) Undo() tea.Cmd {
	if a.Busy(newID) {
		return nil
	}
	w, ok := a.deleted.take()
	if !ok {
		return nil
	}
	a.deleted.creating = &w
	c := &Call{}
	return a.create(c, w, func(s createdAnswer) tea.Cmd {
		a.deleted.creating = nil
		switch {
		case s.err == nil:
			a.deleted.undone = true
			a.o.Say.Info("created " + webhook.Name(s.webhook) + " again; its id is new: " + text.Clean(s.webhook.ID, 60))
			return a.created(s.webhook)
		case client.MayBeDone(s.err):
			a.deleted.perhapsCreated = &w
		default:
			a.deleted.add(w)
		}
		return a.failed(c, "could not create", s.err, w.Secret)
	})
}

// Creation is a webhook of which it is not known whether UP42 has created it.
type Creation struct {
	// Name is what the webhook is called, clean.
	Name string
	// Err is why it is not known, for [client.Created].
	Err error
}

// checkCreations says which of them a list has that UP42 gave.
func (a *Actions) checkCreations(now []client.Webhook) {
	for _, c := range a.unsure {
		if w, ok := client.Created(c.Err, now); ok {
			a.o.Say.Info("UP42 has created " + c.Name + "; its id is " + text.Clean(w.ID, 60))
		} else {
			a.o.Say.Hint("UP42 does not list " + c.Name)
		}
	}
	a.unsure = nil
}

// created puts a new webhook into the list, under the cursor.
func (a *Actions) created(w client.Webhook) tea.Cmd {
	cmd := a.o.List.Change(w)
	a.o.List.Select(w.ID)
	return cmd
}

// Recreating returns the call of Undo, or nil. Neither a row nor a form shows it.
func (a *Actions) Recreating() *Call {
	if c := a.Of(newID); c != nil && c.from == nil {
		return c
	}
	return nil
}
