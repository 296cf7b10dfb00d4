package mask

import (
	"context"
	"slices"
	"sync"

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

// api is UP42's API, in whose answers all has stand-ins. What is sent to UP42 is real.
type api struct {
	tui.API
	names *StandIns
	known *webhooks
}

// webhooks are those that UP42 has told of, by their real ids. It is safe for concurrent use.
type webhooks struct {
	mu  sync.Mutex
	all map[string]client.Webhook
}

func (w *webhooks) keep(hook client.Webhook) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all[hook.ID] = hook
}

func (w *webhooks) get(id string) (client.Webhook, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	hook, ok := w.all[id]
	return hook, ok
}

// webhook returns a webhook with stand-ins.
func (a api) webhook(w client.Webhook) client.Webhook {
	if w.ID == "" {
		return w // no answer
	}
	a.known.keep(w)
	w.ID, w.Name, w.URL, w.Secret = a.names.ID(w.ID), a.names.name(w.Name), a.names.URL(w.URL), a.names.Secret(w.Secret)
	return w
}

// real returns the webhook that one with stand-ins is for: what the user has not changed is as
// it was.
func (a api) real(w client.Webhook) client.Webhook {
	w.ID = a.names.Real(w.ID)
	w.URL, w.Secret = a.names.Real(w.URL), client.Secret(a.names.Real(w.Secret.Reveal()))
	if was, ok := a.known.get(w.ID); ok && w.Name == a.names.name(was.Name) {
		w.Name = was.Name
	}
	return w
}

func (a api) Webhooks(ctx context.Context) ([]client.Webhook, error) {
	all, err := a.API.Webhooks(ctx)
	out := slices.Clone(all)
	for i := range out {
		out[i] = a.webhook(out[i])
	}
	return out, private(err)
}

func (a api) Webhook(ctx context.Context, id string) (client.Webhook, error) {
	w, err := a.API.Webhook(ctx, a.names.Real(id))
	return a.webhook(w), private(err)
}

func (a api) CreateWebhook(ctx context.Context, w client.Webhook) (client.Webhook, error) {
	w, err := a.API.CreateWebhook(ctx, a.real(w))
	return a.webhook(w), private(err)
}

func (a api) UpdateWebhook(ctx context.Context, w client.Webhook) (client.Webhook, error) {
	w, err := a.API.UpdateWebhook(ctx, a.real(w))
	return a.webhook(w), private(err)
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
