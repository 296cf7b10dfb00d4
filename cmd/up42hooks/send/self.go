package send

import (
	"context"
	"errors"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
)

// Self is a receiver to which its owner sends test events.
type Self struct {
	URL string
	// Secret signs. It must not be empty.
	Secret string
	// Components are the headers that the signature covers. Nil: date and digest.
	Components []string
	Now        func() time.Time
}

// selfTimeout bounds how long the receiver may take to answer.
const selfTimeout = 10 * time.Second

// Test sends a test event about a new order or job. An error says why it was not accepted, and what
// to do.
func (s Self) Test(ctx context.Context, k receiver.Kind) error {
	t := template{event: receiver.OrderStatus, status: string(k.Success()), final: true}
	if k == receiver.Job {
		t.event = receiver.JobStatus
	}
	sender := &sender{client: newClient(selfTimeout), url: s.URL, secret: s.Secret, components: s.Components, now: s.Now}
	defer sender.client.CloseIdleConnections()
	at := s.Now()
	d, err := t.delivery(at)
	if err != nil {
		return err
	}
	if o := sender.post(ctx, d, at); !o.accepted() {
		return errors.New(o.problem())
	}
	return nil
}

// Secret returns the secret by which the command send signs.
func Secret(env cli.Env, c *config.Config) (string, error) { return signingSecret(env, c) }

// ErrNoSecret says that nothing can be signed, and what to do.
var ErrNoSecret = errors.New("the receiver has no secret to sign with: give it one with --secret-file, or create a webhook on the page Webhooks")
