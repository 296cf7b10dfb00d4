package dashboard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/stage"
)

// view shows a store that another process receives into.
func view(ctx context.Context, env cli.Env, c *config.Config, flags *pflag.FlagSet, logger *slog.Logger, other *store.Holder, record string) (err error) {
	account, err := config.Account(env, c)
	if err != nil {
		return cli.UsageError(err)
	}
	if account != nil {
		defer account.Close()
	}
	log, err := store.AwaitReader(ctx, env, c.Store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	recording, err := newRecording(ctx, record, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, recording.close()) }()
	watching, stop := context.WithCancel(ctx)
	defer stop()
	there, watched := newElsewhere(c, log, *other), make(chan struct{})
	go func() {
		defer close(watched)
		there.follow(watching)
	}()
	o := viewerOptions(env, c, there)
	o.Receiver.Notice = other.Error()
	if account != nil {
		o.API = account
	}
	stopSSH, err := viewOverSSH(watching, env, c, flags, logger, there, &o)
	if err != nil {
		stop()
		<-watched
		return err
	}
	defer func() { err = errors.Join(err, stopSSH()) }()
	remember(&o, c, logger)
	o.Sources.Status = there.status
	o.Pinned, o.Pin = viewerPin(env, c)
	receiving := control.NewClient(c.Store)
	o.Admissions = receiving
	asked, recorded := make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(asked)
		receiving.Follow(watching)
	}()
	go func() { recorded <- recording.follow(watching) }()
	recording.tell(&o)
	o.Copy = newScreen(env).copier(env.Getenv)
	err = Show(ctx, env, stage.New(stage.Options{Set: stage.Set{Screen: o}}))
	stop()
	<-watched
	<-asked
	return errors.Join(err, <-recorded)
}

// viewerOptions are the options for a store that another process receives into, and a terminal with
// this environment.
func viewerOptions(env cli.Env, c *config.Config, there *elsewhere) tui.Options {
	o := commonOptions(env, c, there.log)
	o.Receiver = tui.Receiver{
		Address: there.now.Load().Address, Path: c.Path, PublicURL: c.PublicURL, WebhookURL: there.webhookURL, Viewer: true, Store: c.Store,
	}
	o.PointsHere = there.pointsHere
	o.TestEvent = sendsTestsTo(env, c, there)
	o.Forwarder = remoteForwarding{there}
	return o
}

// viewOverSSH serves the viewer over SSH, if that is configured, until ctx ends. The caller calls stop
// then.
func viewOverSSH(
	ctx context.Context, env cli.Env, c *config.Config, flags *pflag.FlagSet, logger *slog.Logger, there *elsewhere, o *tui.Options,
) (stop func() error, err error) {
	s, err := configuredSSH(ctx, env, c, logger)
	if s == nil || err != nil {
		return func() error { return nil }, err
	}
	o.Sources.Looking = s.Looking
	s.Show(&remote.Board{
		Ctx: ctx, Env: env, Flags: flags, Log: there.log, API: o.API,
		Screen: func(env cli.Env) tui.Options {
			one := viewerOptions(env, c, there)
			one.API, one.Sources.Now = o.API, func() (frame.ReceiverStatus, error) { return there.latest(), nil }
			return one
		},
	})
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx) }()
	return func() error { return <-served }, nil
}

// viewerPin pins the headers of signatures in the configuration file: the
// receiver reads it at its next start or reload.
func viewerPin(env cli.Env, c *config.Config) (pinned func() []string, pin func([]string) (string, error)) {
	var now atomic.Pointer[[]string]
	now.Store(&c.Components)
	pinned = func() []string { return *now.Load() }
	pin = func(components []string) (string, error) {
		file, err := config.Pin(c, components)
		if err != nil {
			return "", err
		}
		now.Store(&components)
		return fmt.Sprintf("written into %s; the receiver is another process: restart it, or send it SIGHUP", file), nil
	}
	return pinned, pin
}
