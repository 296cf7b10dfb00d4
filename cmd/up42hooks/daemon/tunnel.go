package daemon

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/tunnel"
	"github.com/up42/up42-webhooks/tui"
)

// dig makes a part of the configured tunnel, and of the webhook that is kept
// pointed there.
func (in *Intake) dig() error {
	if in.config.Tunnel == config.NoTunnel {
		if in.config.TunnelWebhook {
			return cli.UsageError(errors.New("--tunnel-webhook needs a tunnel: --tunnel cloudflared or ngrok"))
		}
		in.sweepLater()
		return nil
	}
	urls := make(chan string, 1)
	t, err := tunnel.New(tunnel.Options{
		Program: tunnel.Program(in.config.Tunnel), Address: in.address(), Logger: in.logger,
		Told: func(s tunnel.State) { in.tunnelled(s, urls) },
	})
	if err != nil {
		return cli.UsageError(fmt.Errorf("--tunnel: %w", err))
	}
	in.tunnel = t
	in.parts = append(in.parts, t.Run)
	if !in.config.TunnelWebhook {
		in.sweepLater()
		return nil
	}
	if in.account == nil {
		return cli.UsageError(errors.New("--tunnel-webhook needs an account: set UP42_USERNAME and UP42_PASSWORD, or UP42_TOKEN"))
	}
	in.parts = append(in.parts, func(ctx context.Context) error { return in.keepPointed(ctx, urls) })
	return nil
}

// sweepLater makes a part of removing what an earlier tunnel left over at UP42.
func (in *Intake) sweepLater() {
	if _, err := os.Stat(in.tunnelJournal()); err != nil {
		return
	}
	if in.account == nil {
		in.logger.Warn("an earlier tunnel may have left a webhook at UP42: start with its credentials once, to remove it")
		return
	}
	in.parts = append(in.parts, func(ctx context.Context) error {
		if k, err := in.tunnelKeeper(ctx); err == nil {
			in.sweep(ctx, k)
		}
		return nil
	})
}

func (in *Intake) tunnelJournal() string { return in.config.Store + ".tunnel" }

func (in *Intake) sweep(ctx context.Context, k *tunnel.Keeper) {
	if n, err := k.Sweep(ctx); err != nil {
		in.logger.Warn("could not remove what an earlier tunnel left over", "error", err)
	} else if n > 0 {
		in.logger.Info("removed what an earlier tunnel left over", "webhooks", n)
	}
}

// tunnelled passes the newest URL on, in the place of one that nobody has
// taken.
func (in *Intake) tunnelled(s tunnel.State, urls chan string) {
	select {
	case <-urls:
	default:
	}
	urls <- s.URL
}

// publicURL is where UP42 reaches the receiver now, "" where that is not known:
// the configured address goes before the tunnel's.
func (in *Intake) publicURL() string {
	if u := config.PublicURL(in.config); u != "" || in.tunnel == nil {
		return u
	}
	if u := in.tunnel.State().URL; u != "" {
		return u + in.config.Path
	}
	return ""
}

// tunnelEnd is where the tunnel comes out now, for the screen.
func (in *Intake) tunnelEnd() tui.Public {
	s := in.tunnel.State()
	p := tui.Public{URL: s.URL}
	if s.URL == "" && s.Err != nil {
		p.Err = s.Err.Error()
	}
	return p
}

// pointsHere says whether a webhook's URL leads here, through the tunnel or
// not.
func (in *Intake) pointsHere(url string) bool {
	if in.tunnel != nil {
		there, ok := config.PlaceOf(in.publicURL())
		if p, fine := config.PlaceOf(url); ok && fine && p == there {
			return true
		}
	}
	return in.here(url)
}

const (
	// removeTimeout bounds how long the end waits for UP42 to take the tunnel's
	// webhook away; what is left over is swept at the next start.
	removeTimeout = 10 * time.Second
	// pointAgain is the wait after UP42 could not be told of the tunnel.
	pointAgain = 5 * time.Second
)

// keepPointed keeps a webhook pointed at the tunnel until ctx ends, and then
// removes it. Left-overs of a crash are removed first.
func (in *Intake) keepPointed(ctx context.Context, urls <-chan string) error {
	k, err := in.tunnelKeeper(ctx)
	if err != nil {
		return nil //nolint:nilerr // ctx has ended
	}
	in.sweep(ctx, k)
	in.follow(ctx, k, urls)
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), removeTimeout)
	defer cancel()
	if err := k.Remove(ending); err != nil {
		in.logger.Warn("could not remove the tunnel's webhook; the next start does", "error", err)
	}
	return nil
}

// tunnelKeeper makes the keeper, once the workspace is known.
func (in *Intake) tunnelKeeper(ctx context.Context) (*tunnel.Keeper, error) {
	for {
		workspace, err := in.account.Workspace(ctx)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err == nil {
			secret, err := client.NewSecret(rand.Reader)
			return tunnel.NewKeeper(tunnel.KeeperOptions{
				API: &tunnelAPI{in}, Journal: in.tunnelJournal(), Account: workspace, Path: in.config.Path,
				Secret: secret.Reveal(), Events: receiver.EventNames(),
			}), err
		}
		in.logger.Warn("can't keep a webhook pointed at the tunnel yet", "error", err, "advice", client.Advice(err))
		cli.Pause(ctx, pointAgain)
	}
}

// follow points the webhook at each URL that the tunnel gets, until ctx ends.
func (in *Intake) follow(ctx context.Context, k *tunnel.Keeper, urls <-chan string) {
	url := ""
	again := time.NewTimer(0)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case url = <-urls:
		case <-again.C:
		}
		if err := k.Point(ctx, url); err != nil && ctx.Err() == nil {
			in.logger.Warn("can't point the tunnel's webhook", "error", err, "advice", client.Advice(err))
			again.Reset(pointAgain)
		}
	}
}

// tunnelAPI is UP42 as the keeper of the tunnel's webhook needs it. The receiver
// learns of each change at once.
type tunnelAPI struct{ in *Intake }

func (a *tunnelAPI) CreateWebhook(ctx context.Context, w tunnel.Webhook) (string, error) {
	made, err := a.in.account.CreateWebhook(ctx, settingsOf(w))
	if err == nil {
		a.in.keyring.hear([]client.Webhook{made})
	}
	return made.ID, err
}

func (a *tunnelAPI) UpdateWebhook(ctx context.Context, id string, w tunnel.Webhook) error {
	settings := settingsOf(w)
	settings.ID = id
	made, err := a.in.account.UpdateWebhook(ctx, settings)
	if client.NotFound(err) {
		return fmt.Errorf("%w: %w", tunnel.ErrGone, err)
	}
	if err == nil {
		a.in.keyring.hear([]client.Webhook{made})
	}
	return err
}

func (a *tunnelAPI) DeleteWebhook(ctx context.Context, id string) error {
	err := a.in.account.DeleteWebhook(ctx, id)
	if client.NotFound(err) {
		return nil
	}
	return err
}

func (a *tunnelAPI) FindWebhooks(ctx context.Context, name string) (ids []string, err error) {
	all, err := a.in.account.Webhooks(ctx)
	for i := range all {
		if all[i].Name == name {
			ids = append(ids, all[i].ID)
		}
	}
	return ids, err
}

func settingsOf(w tunnel.Webhook) client.Webhook {
	return client.Webhook{Name: w.Name, URL: w.URL, Events: w.Events, Secret: client.Secret(w.Secret), Active: true}
}
