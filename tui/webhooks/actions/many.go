package actions

import (
	"context"
	"errors"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/fault"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// TurnAll makes tasks that turn webhooks on or off.
func (a *Actions) TurnAll(all []client.Webhook, active bool) (tasks []marks.Task) {
	for _, w := range all {
		tasks = append(tasks, marks.Task{Row: w.ID, Name: webhook.Name(w), Do: func(ctx context.Context) (func() tea.Cmd, error) {
			return a.turn(ctx, w, active)
		}})
	}
	return tasks
}

// turn turns one webhook on or off. It is called from a command.
func (a *Actions) turn(ctx context.Context, w client.Webhook, active bool) (take func() tea.Cmd, err error) {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	now, err := a.o.API.Webhook(ctx, w.ID)
	if err == nil && now.SecretUnknown {
		return nil, errors.New("UP42 does not show its secret, " + keys.First(a.o.Keys.Edit) + " asks for it")
	}
	if err == nil && now.Active != active {
		sent := now
		sent.Active = active
		now, err = a.o.API.UpdateWebhook(ctx, sent)
		now = withSecret(now, sent)
	}
	if err != nil {
		return nil, inWords(err)
	}
	return func() tea.Cmd { return a.o.List.Change(now) }, nil
}

// RemoveAll makes tasks that delete webhooks.
func (a *Actions) RemoveAll(all []client.Webhook) (tasks []marks.Task) {
	for _, w := range all {
		tasks = append(tasks, marks.Task{Row: w.ID, Name: webhook.Name(w), Do: func(ctx context.Context) (func() tea.Cmd, error) {
			return a.remove(ctx, w)
		}})
	}
	return tasks
}

// remove deletes one webhook, which it reads first so that Undo can create it again as it was. It
// is called from a command.
func (a *Actions) remove(ctx context.Context, w client.Webhook) (take func() tea.Cmd, err error) {
	ctx, stop := context.WithTimeout(ctx, callTimeout)
	defer stop()
	now, err := a.o.API.Webhook(ctx, w.ID)
	if err == nil {
		w = now.WithSecretOf(w)
		err = a.o.API.DeleteWebhook(ctx, w.ID)
	}
	switch {
	case err == nil, client.NotFound(err):
		return func() tea.Cmd {
			a.deleted.add(w)
			return a.drop(w.ID)
		}, nil
	case client.MayBeDone(err):
		return func() tea.Cmd {
			a.deleted.perhaps(w)
			return nil
		}, inWords(err)
	}
	return nil, inWords(err)
}

func inWords(err error) error { return errors.New(fault.Of(err).Words) }
