package dashboard

import (
	"context"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/send"
	"github.com/up42/up42-webhooks/receiver"
)

// sendsTests returns a function that sends test events to the receiver in this process, signed
// with one of its secrets.
func sendsTests(d *daemon.Daemon) func(context.Context, receiver.Kind) error {
	return func(ctx context.Context, k receiver.Kind) error {
		secret := d.Secrets.Signing()
		if secret == "" {
			return send.ErrNoSecret
		}
		return send.Self{URL: d.URL(), Secret: secret, Components: d.Secrets.Pinned(), Now: d.Env.Now}.Test(ctx, k)
	}
}

// sendsTestsTo does that for the receiver of another process.
func sendsTestsTo(env cli.Env, c *config.Config, there *elsewhere) func(context.Context, receiver.Kind) error {
	return func(ctx context.Context, k receiver.Kind) error {
		secret, err := send.Secret(env, c)
		if err != nil {
			return err
		}
		return send.Self{URL: "http://" + there.now.Load().Address + c.Path, Secret: secret, Components: c.Components, Now: env.Now}.Test(ctx, k)
	}
}
