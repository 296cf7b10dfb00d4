package dashboard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/stage"
)

// view shows a store that another process receives into.
func view(ctx context.Context, env cli.Env, c *config.Config, logger *slog.Logger, other *store.Holder, record string) (err error) {
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
	o := commonOptions(env, c, log)
	o.Receiver = tui.Receiver{
		Address: other.Address, Path: c.Path, PublicURL: c.PublicURL, WebhookURL: there.webhookURL,
		Viewer: true, Store: c.Store, Notice: other.Error(),
	}
	remember(&o, c, logger)
	o.Sources.Status = there.status
	o.PointsHere = there.pointsHere
	o.Pinned, o.Pin = viewerPin(env, c)
	o.TestEvent = sendsTestsTo(env, c, there)
	if account != nil {
		o.API = account
	}
	o.Forwarder = remoteForwarding{there}
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
