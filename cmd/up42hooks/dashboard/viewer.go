package dashboard

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/stage"
)

// viewing is how a viewer begins, and what it does when the receiver is gone.
type viewing struct {
	other *store.Holder
	// notice is shown at the start. If it is empty, it says who receives.
	notice string
	record string
	// stays: it does not take over.
	stays bool
	mode  *stage.Mode
}

// view shows a store that another process receives into. takeOver says that this process has ended,
// and that the caller is to receive.
func view(ctx context.Context, env cli.Env, c *config.Config, flags *pflag.FlagSet, logger *slog.Logger, w viewing) (takeOver bool, err error) {
	account, err := config.Account(env, c)
	if err != nil {
		return false, cli.UsageError(err)
	}
	if account != nil {
		defer account.Close()
	}
	log, err := store.AwaitReader(ctx, env, c.Store)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	recording, err := newRecording(ctx, w.record, log)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, recording.close()) }()
	there := newElsewhere(c, log, *w.other)
	if !w.stays && w.record == "" {
		there.canReceive = func(generated bool) bool { return canReceive(c, account != nil, generated) }
	}
	o := ownScreen(env, c, there, account, logger)
	o.Receiver.Notice = cmp.Or(w.notice, w.other.Error())
	recording.tell(&o)
	watching, stop := accompany(ctx, there, recording)
	stopSSH, err := viewOverSSH(watching, env, c, flags, logger, there, &o)
	if err == nil {
		err = Show(watching, env, stage.New(stage.Options{Set: stage.Set{Screen: o}, Mode: w.mode}))
	}
	err = errors.Join(err, stop(), stopSSH())
	return there.takesOver && ctx.Err() == nil, err
}

// accompany does what a viewer does besides its screen: it follows the receiver, and records. It ends
// when the caller calls stop. The screen ends with watching, which also ends when this process is to
// receive.
func accompany(ctx context.Context, there *elsewhere, r *recording) (watching context.Context, stop func() error) {
	watching, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	var recorded error
	all.Go(func() {
		if there.follow(watching); there.takesOver {
			cancel()
		}
	})
	all.Go(func() { there.asked.Follow(watching) })
	all.Go(func() { recorded = r.follow(watching) })
	return watching, func() error {
		cancel()
		all.Wait()
		return recorded
	}
}

// canReceive reports whether the configuration has what a receiver needs in place of one that is gone:
// secrets, an account that knows them, or the generated secret that the other one had.
func canReceive(c *config.Config, account, generated bool) bool {
	secrets, err := config.ConfiguredSecrets(c)
	return err == nil && (len(config.Usable(secrets)) > 0 || account || generated)
}

// ownScreen are the options for the terminal of this process. The account may be nil.
func ownScreen(env cli.Env, c *config.Config, there *elsewhere, account *client.Client, logger *slog.Logger) tui.Options {
	o := viewerOptions(env, c, there)
	o.Admissions = there.asked
	o.Pinned, o.Pin = viewerPin(env, c)
	o.Copy = newScreen(env).copier(env.Getenv)
	if account != nil {
		o.API = account
	}
	remember(&o, c, logger)
	return o
}

// viewerOptions are the options for a store that another process receives into, and a terminal with
// this environment.
func viewerOptions(env cli.Env, c *config.Config, there *elsewhere) tui.Options {
	o := commonOptions(env, c, there.log)
	o.Receiver = tui.Receiver{
		Address: there.now.Load().Address, Path: c.Path, PublicURL: c.PublicURL, WebhookURL: there.webhookURL, Viewer: true, Store: c.Store,
	}
	o.PointsHere = there.pointsHere
	o.Sources.Now = func() (frame.ReceiverStatus, error) { return there.status(), nil }
	o.Sources.Team = func() frame.Team { return teamOf(there.asked.Team()) }
	o.TestEvent = sendsTestsTo(env, c, there)
	o.Forwarder = remoteForwarding{there}
	return o
}

// viewOverSSH serves the viewer over SSH, if that is configured, until ctx ends. The caller calls stop
// then. A receiver with the same settings serves at that address already.
func viewOverSSH(
	ctx context.Context, env cli.Env, c *config.Config, flags *pflag.FlagSet, logger *slog.Logger, there *elsewhere, o *tui.Options,
) (stop func() error, err error) {
	nothing := func() error { return nil }
	s, err := configuredSSH(ctx, env, c, logger)
	switch {
	case errno.Is(err, syscall.EADDRINUSE) && !flags.Changed("ssh"):
		logger.Warn("ssh: this viewer serves no dashboard", "error", err)
		return nothing, nil
	case s == nil || err != nil:
		return nothing, err
	}
	o.Sources.Looking = s.Looking
	s.Show(&remote.Board{
		Ctx: ctx, Env: env, Flags: flags, Log: there.log, API: o.API,
		Screen: func(env cli.Env) tui.Options {
			one := viewerOptions(env, c, there)
			one.API = o.API
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
		todo := "restart it, or send it SIGHUP"
		if runtime.GOOS == "windows" {
			todo = "restart it"
		}
		return fmt.Sprintf("written into %s; the receiver is another process: %s", file, todo), nil
	}
	return pinned, pin
}
