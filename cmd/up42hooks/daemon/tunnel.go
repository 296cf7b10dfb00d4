package daemon

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/tunnel"
)

// newTunnel makes the configured tunnel to an address, nil if there is none. The
// channel receives its newest URL whenever that changes, "" while it has none.
// An error is one of usage.
func newTunnel(c *config.Config, address string, logger *slog.Logger) (*tunnel.Tunnel, <-chan string, error) {
	if c.Tunnel == config.NoTunnel {
		if c.TunnelWebhook {
			return nil, nil, errors.New("--tunnel-webhook needs a tunnel: --tunnel cloudflared or ngrok")
		}
		return nil, nil, nil
	}
	urls := newLatest[string]()
	t, err := tunnel.New(tunnel.Options{
		Program: tunnel.Program(c.Tunnel), Address: address, Logger: logger,
		OnState: func(s tunnel.State) { urls.put(s.URL) },
	})
	if err != nil {
		return nil, nil, fmt.Errorf("--tunnel: %w", err)
	}
	return t, urls, nil
}
