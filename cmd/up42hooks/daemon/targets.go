package daemon

import (
	"fmt"
	"log/slog"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// Targets returns the forwarding targets that the configuration names. The
// logger takes the output of programs.
func Targets(c *config.Config, logger *slog.Logger) (all []forward.Target, err error) {
	for _, url := range c.ForwardTo {
		t, err := NewTarget(c, url)
		if err != nil {
			return nil, fmt.Errorf("--forward-to: %w", err)
		}
		all = append(all, t)
	}
	if c.Exec != "" {
		t, err := forward.NewExec(forward.ExecOptions{Program: c.Exec, Logger: logger})
		if err != nil {
			return nil, fmt.Errorf("--exec: %w", err)
		}
		all = append(all, t)
	}
	return all, nil
}

// NewTarget makes the forwarding target with a URL, with the settings that all of them share.
func NewTarget(c *config.Config, url string) (forward.Target, error) {
	envelope, err := forward.NewEnvelope(c.ForwardSecret.Reveal(), c.ForwardFormats...)
	if err != nil {
		return nil, err
	}
	return forward.NewHTTP(forward.HTTPOptions{URL: url, BasicAuth: c.ForwardAuth, Envelope: envelope})
}

// MayForward says which events the configuration allows to be forwarded.
func MayForward(c *config.Config) func(*receiver.Event) bool {
	return forward.Accepts(c.AcceptPartial, c.ForwardUnsigned)
}
