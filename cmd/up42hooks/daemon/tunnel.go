package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/tunnel"
)

// CheckTunnel returns what is wrong with the settings of the tunnel. account says that there is one at UP42.
func CheckTunnel(c *config.Config, account bool) error {
	switch {
	case c.TunnelWebhook && c.Tunnel == config.NoTunnel:
		return errors.New("--tunnel-webhook needs a tunnel: --tunnel cloudflared or ngrok")
	case c.TunnelWebhook && !account:
		return errors.New("--tunnel-webhook needs an account: set UP42_USERNAME and UP42_PASSWORD, or UP42_TOKEN, or run up42hooks login")
	}
	return nil
}

// newTunnel makes the configured tunnel to an address, nil if no tunnel is configured. The
// channel receives its newest state whenever that changes.
// An error is one of usage.
func newTunnel(c *config.Config, address string, logger *slog.Logger) (*tunnel.Tunnel, <-chan tunnel.State, error) {
	if c.Tunnel == config.NoTunnel {
		return nil, nil, nil
	}
	states := newLatest[tunnel.State]()
	t, err := tunnel.New(tunnel.Options{
		Program: tunnel.Program(c.Tunnel), Address: address, Logger: logger,
		OnState: states.put,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("--tunnel: %w", err)
	}
	return t, states, nil
}

// TunnelAdvice is what the user should know about the configured tunnel, "" if there is
// nothing.
func (d *Daemon) TunnelAdvice() string {
	if d.Config.Tunnel == config.NoTunnel {
		return ""
	}
	return tunnel.Program(d.Config.Tunnel).Advice()
}

// tunnelAPI is the part of UP42's API that a tunnel.Registration needs. Each webhook
// that changes goes to the receiver's secrets at once.
type tunnelAPI struct {
	account *client.Client
	secrets *Secrets
}

var _ tunnel.API = (*tunnelAPI)(nil)

func (a *tunnelAPI) CreateWebhook(ctx context.Context, w tunnel.Webhook) (string, error) {
	wanted := clientWebhook(w)
	created, err := a.account.CreateWebhook(ctx, wanted)
	if err == nil {
		a.secrets.Update([]client.Webhook{created.WithSecretOf(wanted)})
	}
	return created.ID, err
}

func (a *tunnelAPI) UpdateWebhook(ctx context.Context, id string, w tunnel.Webhook) error {
	change := clientWebhook(w)
	change.ID = id
	updated, err := a.account.UpdateWebhook(ctx, change)
	if client.NotFound(err) {
		return fmt.Errorf("%w: %w", tunnel.ErrGone, err)
	}
	if err == nil {
		a.secrets.Update([]client.Webhook{updated.WithSecretOf(change)})
	}
	return err
}

func (a *tunnelAPI) DeleteWebhook(ctx context.Context, id string) error {
	err := a.account.DeleteWebhook(ctx, id)
	if client.NotFound(err) {
		return nil
	}
	return err
}

func (a *tunnelAPI) FindWebhooks(ctx context.Context, name string) (ids []string, err error) {
	all, err := a.account.Webhooks(ctx)
	for i := range all {
		if all[i].Name == name {
			ids = append(ids, all[i].ID)
		}
	}
	return ids, err
}

func clientWebhook(w tunnel.Webhook) client.Webhook {
	return client.Webhook{Name: w.Name, URL: w.URL, Events: w.Events, Secret: client.Secret(w.Secret), Active: w.Active}
}
