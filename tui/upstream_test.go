package tui_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui"
)

// upstream is a fake UP42. A test sets its answers.
type upstream struct {
	mu     sync.Mutex
	orders []client.Order
	jobs   []client.Job
	fail   error
	asked  int
	// webhooks are those of the workspace.
	webhooks []client.Webhook
	// held delays all answers until it is closed. Nil delays none.
	held chan struct{}
}

func (u *upstream) set(change func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	change()
}

// answer waits for held, and returns the failure that the test wants.
func (u *upstream) answer(ctx context.Context) error {
	u.mu.Lock()
	held := u.held
	u.asked++
	u.mu.Unlock()
	if held != nil {
		select {
		case <-held:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.fail
}

func (u *upstream) Workspace(ctx context.Context) (string, error) {
	return "7f3a1c9e-04ab-4d68-9f2e-000000000001", u.answer(ctx)
}

func (u *upstream) Orders(ctx context.Context, max int) ([]client.Order, error) {
	if err := u.answer(ctx); err != nil {
		return nil, err
	}
	return u.orders[:min(max, len(u.orders))], nil
}

func (u *upstream) Jobs(ctx context.Context, max int) ([]client.Job, error) {
	if err := u.answer(ctx); err != nil {
		return nil, err
	}
	return u.jobs[:min(max, len(u.jobs))], nil
}

func (u *upstream) Order(ctx context.Context, id string) (client.Order, error) {
	if err := u.answer(ctx); err != nil {
		return client.Order{}, err
	}
	for _, o := range u.orders {
		if o.ID == id {
			return o, nil
		}
	}
	return client.Order{}, &client.Error{Call: "read the order", Status: http.StatusNotFound, Message: "no such order"}
}

func (u *upstream) Job(ctx context.Context, id string) (client.Job, error) {
	if err := u.answer(ctx); err != nil {
		return client.Job{}, err
	}
	for _, j := range u.jobs {
		if j.ID == id {
			return j, nil
		}
	}
	return client.Job{}, &client.Error{Call: "read the job", Status: http.StatusNotFound, Message: "no such job"}
}

func (u *upstream) Webhooks(ctx context.Context) ([]client.Webhook, error) {
	if err := u.answer(ctx); err != nil {
		return nil, err
	}
	return u.webhooks, nil
}

// The page of webhooks calls the rest.
func (u *upstream) Webhook(context.Context, string) (client.Webhook, error) {
	return client.Webhook{}, errors.ErrUnsupported
}

func (u *upstream) CreateWebhook(context.Context, client.Webhook) (client.Webhook, error) {
	return client.Webhook{}, errors.ErrUnsupported
}

func (u *upstream) UpdateWebhook(context.Context, client.Webhook) (client.Webhook, error) {
	return client.Webhook{}, errors.ErrUnsupported
}

func (u *upstream) DeleteWebhook(context.Context, string) error { return errors.ErrUnsupported }

func (u *upstream) TestWebhook(context.Context, string) (client.TestReport, error) {
	return client.TestReport{}, errors.ErrUnsupported
}

func (u *upstream) EventTypes(context.Context) ([]client.EventType, error) {
	return nil, errors.ErrUnsupported
}

// listedOrder is an order as UP42 lists it, created and changed some time before
// noon.
func listedOrder(n int, status string, made, changed time.Duration) client.Order {
	return client.Order{
		ID: id(n), Name: fmt.Sprintf("Fields of Ohlsdorf %d", n), Type: "ARCHIVE", Status: status,
		CreatedAt: noon.Add(-made), UpdatedAt: noon.Add(-changed),
	}
}

const webhookID = "0c5d2e1a-04ab-4d68-9f2e-000000000007"

// anAccount lists the orders and jobs of aDay, and more.
func anAccount() *upstream {
	tasked := listedOrder(2, "BEING_FULFILLED", 8*time.Minute, 100*time.Second)
	tasked.Type, tasked.SubStatus = "TASKING", "FEASIBILITY_WAITING_RESPONSE"
	return &upstream{
		orders: []client.Order{
			listedOrder(11, "PLACED", 5*time.Second, 5*time.Second),
			listedOrder(1, "FULFILLED", 9*time.Minute, 12*time.Second),
			listedOrder(4, "FULFILLED", 2*time.Minute, 10*time.Second),
			tasked,
			listedOrder(12, "FULFILLED", 50*time.Hour, 49*time.Hour),
		},
		jobs: []client.Job{
			{ID: id(30), Process: "pansharpening", Status: "captured", Created: noon.Add(-time.Hour), UpdatedAt: noon.Add(-30 * time.Minute)},
			{ID: id(21), Name: "Sharpen the fields", Process: "pansharpening", Status: "PENDING", Created: noon.Add(-4 * time.Minute), UpdatedAt: noon.Add(-3 * time.Minute)},
		},
		webhooks: []client.Webhook{
			{
				ID: webhookID, Name: "my orders", URL: "https://hooks.example.com/receive-webhooks", Events: []string{"order.status"},
				Active: true, Secret: "a-secret", CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon.Add(-time.Hour),
			},
		},
	}
}

// asking gives a screen an account.
func asking(u *upstream) func(*tui.Options) { return func(o *tui.Options) { o.API = u } }
