package mask

import (
	"context"
	"errors"
	"slices"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/fault"
)

// private hides the words of an error, in which UP42 or the network may name what is real.
func private(err error) error {
	if err == nil {
		return nil
	}
	return fault.Private{Err: err}
}

// public is the error whose words private hides.
func public(err error) error {
	if hidden := (fault.Private{}); errors.As(err, &hidden) {
		return hidden.Err
	}
	return err
}

// api is UP42's API, in whose answers all has stand-ins. What is sent to UP42 is real.
type api struct {
	tui.API
	names *StandIns
}

func (a api) Webhooks(ctx context.Context) ([]client.Webhook, error) {
	all, err := a.API.Webhooks(ctx)
	out := slices.Clone(all)
	for i := range out {
		out[i] = a.names.webhook(out[i])
	}
	return out, private(err)
}

func (a api) Webhook(ctx context.Context, id string) (client.Webhook, error) {
	w, err := a.API.Webhook(ctx, a.names.Real(id))
	return a.names.webhook(w), private(err)
}

func (a api) CreateWebhook(ctx context.Context, w client.Webhook) (client.Webhook, error) {
	w, err := a.API.CreateWebhook(ctx, a.names.realWebhook(w))
	return a.names.webhook(w), a.names.uncreated(err)
}

func (a api) UpdateWebhook(ctx context.Context, w client.Webhook) (client.Webhook, error) {
	w, err := a.API.UpdateWebhook(ctx, a.names.realWebhook(w))
	return a.names.webhook(w), private(err)
}

func (a api) DeleteWebhook(ctx context.Context, id string) error {
	return private(a.API.DeleteWebhook(ctx, a.names.Real(id)))
}

// TestWebhook leaves out UP42's texts about a test: they have the URL.
func (a api) TestWebhook(ctx context.Context, id string) (client.TestReport, error) {
	r, err := a.API.TestWebhook(ctx, a.names.Real(id))
	r.Tests = slices.Clone(r.Tests)
	for i := range r.Tests {
		t := &r.Tests[i]
		t.MessageID, t.Message, t.Response = a.names.id(t.MessageID), "", ""
	}
	return r, private(err)
}

// EventTypes has nothing to hide but an error.
func (a api) EventTypes(ctx context.Context) ([]client.EventType, error) {
	all, err := a.API.EventTypes(ctx)
	return all, private(err)
}

func (a api) Workspace(ctx context.Context) (string, error) {
	id, err := a.API.Workspace(ctx)
	return a.names.ID(id), private(err)
}

func (a api) Orders(ctx context.Context, max int) ([]client.Order, error) {
	all, err := a.API.Orders(ctx, max)
	out := slices.Clone(all)
	for i := range out {
		out[i] = a.order(out[i])
	}
	return out, private(err)
}

func (a api) Order(ctx context.Context, id string) (client.Order, error) {
	o, err := a.API.Order(ctx, a.names.Real(id))
	return a.order(o), private(err)
}

func (a api) order(o client.Order) client.Order {
	o.ID, o.Name = a.names.ID(o.ID), a.names.name(o.Name)
	return o
}

func (a api) Jobs(ctx context.Context, max int) ([]client.Job, error) {
	all, err := a.API.Jobs(ctx, max)
	out := slices.Clone(all)
	for i := range out {
		out[i] = a.job(out[i])
	}
	return out, private(err)
}

func (a api) Job(ctx context.Context, id string) (client.Job, error) {
	j, err := a.API.Job(ctx, a.names.Real(id))
	return a.job(j), private(err)
}

func (a api) job(j client.Job) client.Job {
	j.ID, j.Name = a.names.ID(j.ID), a.names.name(j.Name)
	return j
}
