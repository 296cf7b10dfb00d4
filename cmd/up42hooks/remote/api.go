package remote

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui"
)

// sessionAPI is UP42's API for a session: its reads are shared with other sessions, no answer has a
// secret, and what changes something goes through the role.
type sessionAPI struct {
	*sharedAPI
	board   *Board
	may     *permit
	secrets *standIns
}

func newSessionAPI(b *Board, may *permit) tui.API {
	return &sessionAPI{b.api, b, may, &standIns{real: map[client.Secret]client.Secret{}, fake: map[client.Secret]client.Secret{}}}
}

// Webhooks lists the webhooks without their secrets.
func (a *sessionAPI) Webhooks(ctx context.Context) ([]client.Webhook, error) {
	all, err := a.sharedAPI.Webhooks(ctx)
	all = slices.Clone(all)
	for i := range all {
		all[i] = a.secrets.hide(all[i])
	}
	return all, err
}

// Webhook returns one webhook without its secret.
func (a *sessionAPI) Webhook(ctx context.Context, id string) (client.Webhook, error) {
	w, err := a.API.Webhook(ctx, id)
	return a.secrets.hide(w), err
}

// CreateWebhook creates a webhook.
func (a *sessionAPI) CreateWebhook(ctx context.Context, w client.Webhook) (out client.Webhook, err error) {
	err = a.change(ctx, "create a webhook", w, func(w client.Webhook) (err error) {
		out, err = a.API.CreateWebhook(ctx, w)
		return err
	})
	return a.secrets.hide(out), err
}

// UpdateWebhook changes a webhook. A secret that was not changed stays.
func (a *sessionAPI) UpdateWebhook(ctx context.Context, w client.Webhook) (out client.Webhook, err error) {
	err = a.change(ctx, "change a webhook", w, func(w client.Webhook) (err error) {
		out, err = a.API.UpdateWebhook(ctx, w)
		return err
	})
	return a.secrets.hide(out), err
}

// DeleteWebhook deletes a webhook.
func (a *sessionAPI) DeleteWebhook(ctx context.Context, id string) error {
	return a.change(ctx, "delete a webhook", client.Webhook{ID: id}, func(client.Webhook) error { return a.API.DeleteWebhook(ctx, id) })
}

// TestWebhook makes UP42 send test events.
func (a *sessionAPI) TestWebhook(ctx context.Context, id string) (r client.TestReport, err error) {
	err = a.may.do("test a webhook", func() (err error) {
		r, err = a.API.TestWebhook(ctx, id)
		return err
	}, "webhook", id)
	return r, err
}

// change does a change with the real secret. The receiver is told of it, too.
func (a *sessionAPI) change(ctx context.Context, what string, w client.Webhook, do func(client.Webhook) error) error {
	return a.may.do(what, func() error {
		err := do(a.secrets.reveal(w))
		a.webhooks.forget()
		if err == nil && a.board.Changed != nil {
			if all, listed := a.sharedAPI.Webhooks(ctx); listed == nil {
				a.board.Changed(all)
			}
		}
		return err
	}, "webhook", w.ID, "name", w.Name)
}

// standIns stand for the secrets of webhooks, so that a form can keep one which it does not know. It is
// safe for concurrent use.
type standIns struct {
	mu         sync.Mutex
	real, fake map[client.Secret]client.Secret
}

// hide returns a webhook with the stand-in of its secret.
func (s *standIns) hide(w client.Webhook) client.Webhook {
	if w.Secret == "" {
		return w
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fake, ok := s.fake[w.Secret]
	if !ok {
		fake = client.Secret(fmt.Sprintf("hidden-%d", len(s.fake)+1))
		s.fake[w.Secret], s.real[fake] = fake, w.Secret
	}
	w.Secret = fake
	return w
}

// reveal returns a webhook with its secret.
func (s *standIns) reveal(w client.Webhook) client.Webhook {
	s.mu.Lock()
	defer s.mu.Unlock()
	if real, ok := s.real[w.Secret]; ok {
		w.Secret = real
	}
	return w
}

// sharedAPI answers all sessions with what one of them has asked.
type sharedAPI struct {
	tui.API
	webhooks  *shared[[]client.Webhook]
	types     *shared[[]client.EventType]
	workspace *shared[string]
	orders    *shared[[]client.Order]
	jobs      *shared[[]client.Job]
}

// newSharedAPI returns nil if there is no API.
func newSharedAPI(api tui.API) *sharedAPI {
	if api == nil {
		return nil
	}
	const soon, later = 5 * time.Second, 30 * time.Second
	return &sharedAPI{
		api, newShared[[]client.Webhook](soon), newShared[[]client.EventType](later), newShared[string](later),
		newShared[[]client.Order](later), newShared[[]client.Job](later),
	}
}

func (a *sharedAPI) Webhooks(ctx context.Context) ([]client.Webhook, error) {
	return a.webhooks.get(ctx, a.API.Webhooks)
}

func (a *sharedAPI) EventTypes(ctx context.Context) ([]client.EventType, error) {
	return a.types.get(ctx, a.API.EventTypes)
}

func (a *sharedAPI) Workspace(ctx context.Context) (string, error) {
	return a.workspace.get(ctx, a.API.Workspace)
}

func (a *sharedAPI) Orders(ctx context.Context, max int) ([]client.Order, error) {
	return a.orders.get(ctx, func(ctx context.Context) ([]client.Order, error) { return a.API.Orders(ctx, max) })
}

func (a *sharedAPI) Jobs(ctx context.Context, max int) ([]client.Job, error) {
	return a.jobs.get(ctx, func(ctx context.Context) ([]client.Job, error) { return a.API.Jobs(ctx, max) })
}

// shared is an answer that is used again for a while. One asks at a time.
type shared[T any] struct {
	keep time.Duration
	turn chan struct{}

	mu    sync.Mutex
	at    time.Time
	value T
	err   error
	// forgotten counts the calls of forget: an answer that was asked for before one is not kept.
	forgotten int
}

func newShared[T any](keep time.Duration) *shared[T] {
	return &shared[T]{keep: keep, turn: make(chan struct{}, 1)}
}

func (s *shared[T]) get(ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
	defer func() { <-s.turn }()
	value, forgotten, err, ok := s.kept()
	if ok {
		return value, err
	}
	value, err = ask(ctx)
	if ctx.Err() == nil {
		s.put(value, forgotten, err)
	}
	return value, err
}

func (s *shared[T]) kept() (value T, forgotten int, err error, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.value, s.forgotten, s.err, !s.at.IsZero() && time.Since(s.at) < s.keep
}

func (s *shared[T]) put(value T, forgotten int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if forgotten == s.forgotten {
		s.value, s.err, s.at = value, err, time.Now()
	}
}

// forget makes the next one ask.
func (s *shared[T]) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = time.Time{}
	s.forgotten++
}
