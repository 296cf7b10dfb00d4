package daemon

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/tunnel"
)

// newTunnel makes the configured tunnel to an address, nil if no tunnel is configured. The
// channel receives its newest state whenever that changes.
// An error is one of usage.
func newTunnel(c *config.Config, address string, logger *slog.Logger) (*tunnel.Tunnel, <-chan tunnel.State, error) {
	if c.Tunnel == config.NoTunnel {
		if c.TunnelWebhook {
			return nil, nil, errors.New("--tunnel-webhook needs a tunnel: --tunnel cloudflared or ngrok")
		}
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
