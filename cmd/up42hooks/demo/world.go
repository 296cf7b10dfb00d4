package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/dashboard"
	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
	"github.com/up42/up42-webhooks/tui/stage"
	"github.com/up42/up42-webhooks/tui/stage/script"
)

// worldOptions are how a world begins.
type worldOptions struct {
	env cli.Env
	sim simulator.Options
	// screen is how the user's screen is. Nil: nothing is shown.
	screen *config.Config
	// scripted: nothing happens by itself, and there is a target of forwarding.
	scripted bool
	logger   *slog.Logger
}

// world is a simulated UP42 and a receiver, with a folder of their own. They meet only over
// HTTP.
type world struct {
	folder  string
	up42    *localSimulator
	target  *target // nil if nothing is forwarded
	daemon  *daemon.Daemon
	webhook client.Webhook
	outage  atomic.Bool
	paused  atomic.Bool
}

var _ stage.World = (*world)(nil)

// startWorld starts all but the receiver, which the caller serves. The caller closes the world.
func startWorld(ctx context.Context, o worldOptions) (_ *world, err error) {
	w := &world{}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	if w.folder, err = os.MkdirTemp("", "up42hooks-demo-"); err != nil {
		return nil, fmt.Errorf("make a folder for the demo: %w", err)
	}
	o.sim.Transport = w.transport()
	if w.up42, err = startSimulator(ctx, o.sim); err != nil {
		return nil, err
	}
	if o.scripted {
		if w.target, err = startTarget(ctx); err != nil {
			return nil, err
		}
	}
	if err := w.openReceiver(ctx, o); err != nil {
		return nil, err
	}
	if err := w.register(ctx); err != nil {
		return nil, fmt.Errorf("register the demo's webhook: %w", err)
	}
	w.daemon.Add(w.up42.Run)
	if !o.scripted {
		w.daemon.Add(func(ctx context.Context) error { return attack(ctx, w) })
	}
	return w, nil
}

// openReceiver opens the receiver. Its settings are the demo's own, but for how the screen looks.
func (w *world) openReceiver(ctx context.Context, o worldOptions) error {
	forwardTo := ""
	if w.target != nil {
		forwardTo = w.target.url
	}
	env := o.env
	env.Getenv, env.Environ = environment(env.Getenv, w.up42.url, w.folder, forwardTo), nil
	c, _, err := config.Load(pflag.NewFlagSet("demo", pflag.ContinueOnError), env)
	if err != nil {
		return cli.UsageError(err)
	}
	if o.screen != nil {
		c.TakeScreen(o.screen)
	}
	w.daemon, err = daemon.Open(ctx, env, c, o.logger, daemon.Little)
	return err
}

// register registers the demo's webhook at the simulated UP42.
func (w *world) register(ctx context.Context) error {
	events, err := w.daemon.Account.EventNames(ctx)
	if err != nil {
		return err
	}
	w.webhook, err = w.daemon.Account.CreateWebhook(ctx, client.Webhook{
		Name: "up42hooks demo", URL: w.daemon.URL(), Events: events, Active: true, Secret: newSecret(),
	})
	return err
}

// transport carries deliveries to the receiver. During an outage nobody is there.
func (w *world) transport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableKeepAlives = true // so that no connection is left at the end
	dialer := &net.Dialer{}
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if w.outage.Load() {
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
		}
		return dialer.DialContext(ctx, network, address)
	}
	return t
}

// notice says what the demo is.
func (w *world) notice() string {
	return "demo: UP42 is simulated on " + strings.TrimPrefix(w.up42.url, "http://") + ", and nothing is kept"
}

// close ends the simulated UP42, which serves until the receiver has ended, and deletes the
// folder.
func (w *world) close() error {
	var errs []error
	if w.daemon != nil {
		errs = append(errs, w.daemon.Close())
	}
	if w.target != nil {
		errs = append(errs, w.target.stop())
	}
	if w.up42 != nil {
		errs = append(errs, w.up42.stop())
	}
	if w.folder != "" {
		errs = append(errs, os.RemoveAll(w.folder))
	}
	return errors.Join(errs...)
}

// newSet starts a world and its receiver, for a screen and for the server over SSH, which may be nil. End
// of the set ends the world, and calls ended with what has failed.
func newSet(ctx context.Context, o worldOptions, ssh *remote.Server, ended func(...error)) (stage.Set, error) {
	w, err := startWorld(ctx, o)
	if err != nil {
		return stage.Set{}, err
	}
	notice := ""
	if !o.scripted {
		notice = w.notice() + stageKeys(o.screen)
	}
	live, err := dashboard.Start(ctx, w.daemon, dashboard.Manner{Notice: notice, Temporary: true, SSH: ssh})
	if err != nil {
		return stage.Set{}, errors.Join(err, w.close())
	}
	end := func() { ended(errors.Join(live.End(), w.close())) }
	return stage.Set{Screen: live.Options, World: w, End: end}, nil
}

// SetPaused stops orders, jobs and deliveries, or lets them go on.
func (w *world) SetPaused(paused bool) {
	w.paused.Store(paused)
	w.up42.SetPaused(paused)
}

// Do does a command of a script.
func (w *world) Do(ctx context.Context, c script.Command) error {
	switch c.Verb {
	case script.Order:
		kind := simulator.ArchiveOrder
		if len(c.Args) > 1 {
			kind = simulator.What(c.Args[1])
		}
		return w.up42.Begin(c.Text(), kind)
	case script.Job:
		return w.up42.Begin(c.Text(), simulator.ProcessingJob)
	case script.To:
		sub := ""
		if len(c.Args) > 2 {
			sub = c.Args[2]
		}
		return w.up42.Move(c.Text(), c.Args[1], sub)
	case script.Hold, script.Release:
		w.up42.Hold(c.Verb == script.Hold)
	case script.Resend:
		w.up42.Resend()
	case script.Outage, script.Recover:
		w.outage.Store(c.Verb == script.Outage)
	case script.Target:
		w.target.fail(c.Text() == "fails")
	case script.Storm:
		return w.up42.Storm(ctx, w.webhook.URL, c.Number)
	case script.Forge:
		return w.up42.Attack(ctx, w.webhook.URL, simulator.Attack(c.Text()))
	default:
		return fmt.Errorf("the world of the demo knows no %q", c.Verb)
	}
	return nil
}
