package daemon

import (
	"fmt"
	"sync/atomic"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/tui"
)

// connect gives the dashboard the account, where there is one, and what ties
// its webhooks to this receiver.
func (in *Intake) connect(o *tui.Options) {
	o.PointsHere, o.Pinned, o.Pin = in.pointsHere, in.keyring.pinned, in.pin
	o.Receiver.WebhookURL = config.WebhookURL(in.config, in.address())
	if in.config.PublicURL == "" && in.tunnel != nil {
		o.Public = in.tunnelEnd
	}
	if in.account != nil {
		o.API, o.Listed = in.account, in.keyring.hear
	}
}

// pin pins the list of headers that a signature must cover: from now on, and by
// the configuration file from the next start on.
func (in *Intake) pin(components []string) (note string, err error) {
	file, err := config.Pin(in.Getenv, components)
	if err != nil {
		return "", err
	}
	in.keyring.pin(components)
	return "pinned, and written into " + file, nil
}

// connectViewer does the same where another process receives: it reads the list
// from the configuration file when it starts anew, or is told to reload.
func connectViewer(w cli.Env, o *tui.Options, c *config.Config, account *client.Client, address string) {
	var pinned atomic.Pointer[[]string] // by this viewer
	pinned.Store(&c.Components)
	o.PointsHere, o.Pinned = config.PointsHere(c, address), func() []string { return *pinned.Load() }
	o.Receiver.WebhookURL = config.WebhookURL(c, address)
	o.Pin = func(components []string) (string, error) {
		file, err := config.Pin(w.Getenv, components)
		if err != nil {
			return "", err
		}
		pinned.Store(&components)
		return fmt.Sprintf("written into %s; the receiver is another process: start it anew, or send it SIGHUP", file), nil
	}
	if account != nil {
		o.API = account
	}
}
