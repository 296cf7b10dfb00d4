package dashboard

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/retry"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/frame"
)

// view shows a store that another process receives into.
func view(ctx context.Context, env cli.Env, c *config.Config, other *store.Holder) (err error) {
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
	watching, stop := context.WithCancel(ctx)
	defer stop()
	status, watched := make(chan frame.ReceiverStatus), make(chan struct{})
	go func() {
		defer close(watched)
		followReceiver(watching, c.Store, *other, status)
	}()
	o := commonOptions(env, c, log)
	o.Receiver = tui.Receiver{
		Address: other.Address, Path: c.Path, PublicURL: c.PublicURL, WebhookURL: config.WebhookURL(c, other.Address),
		Viewer: true, Store: c.Store, Notice: other.Error(),
	}
	o.Sources.Status = status
	o.PointsHere = config.PointsHere(c, other.Address)
	o.Pinned, o.Pin = viewerPin(env, c)
	if account != nil {
		o.API = account
	}
	o.Forwarder = newRemoteForwarding(c, log, other.PID)
	receiving := control.NewClient(c.Store)
	o.Admissions = receiving
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		receiving.Follow(watching)
	}()
	err = show(ctx, env, newScreen(env), o)
	stop()
	<-watched
	<-asked
	return err
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

// lookEvery is how often a viewer looks whether the receiver still runs.
const lookEvery = time.Second

// followReceiver sends the receiver's status whenever it changes: it has ended,
// runs again, or has another address. It ends with ctx.
func followReceiver(ctx context.Context, file string, known store.Holder, status chan<- frame.ReceiverStatus) {
	gone := false
	for retry.Sleep(ctx, lookEvery) {
		holder, err := store.HeldBy(file)
		switch {
		case err != nil:
			err = fmt.Errorf("look for the receiver: %w", err)
		case holder == nil && gone, holder != nil && !gone && *holder == known:
			continue
		case holder == nil:
			err = fmt.Errorf("restart up42hooks (process %d is gone)", known.PID)
		default:
			known = *holder
		}
		gone = err != nil
		select {
		case status <- frame.ReceiverStatus{Err: err, Address: known.Address}:
		case <-ctx.Done():
		}
	}
}
