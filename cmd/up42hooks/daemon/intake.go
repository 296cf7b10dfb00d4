// Package daemon is a receiver put together from the configuration and kept
// running, with a dashboard or without one.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync/atomic"
	"syscall"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/probe"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admin"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/tunnel"
)

// Intake is a receiver that is ready to work: it has the store, the store's
// lock and the port.
type Intake struct {
	cli.Env
	config *config.Config
	// generated is the file of the generated secret, "" where a secret was
	// configured; made says that this start made it.
	generated string
	made      bool
	// demo is the simulated UP42's address; "": this is no demo.
	demo string

	logger   *slog.Logger
	lock     *store.Lock
	log      *sqlite.Log
	listener net.Listener
	keyring  *keyring
	handler  *receiver.Handler
	server   *receiver.Server
	// account is where the workspace's webhooks are; nil: there are no
	// credentials.
	account *client.Client
	// here says whether a webhook's URL leads here, but for the tunnel's.
	here func(url string) bool
	// tunnel makes the receiver reachable, nil: none does.
	tunnel *tunnel.Tunnel
	// forwarders hand events on.
	forwarders []*forward.Forwarder
	// admin is the listener for those who look after the receiver, nil: none.
	admin net.Listener
	tally *admin.Tally
	// serving: deliveries are taken. unstored is why they can't be stored now.
	serving  atomic.Bool
	unstored atomic.Pointer[error]
	// parts work beside the server, each until its context ends.
	parts []func(context.Context) error
	// storing has the newest word on whether deliveries can be stored.
	storing chan error
}

// openIntake gets all that a receiver needs, or nothing. Its error is a
// *receiving where another process receives into the store. The caller serves,
// then closes.
func openIntake(ctx context.Context, w cli.Env, c *config.Config, logger *slog.Logger) (_ *Intake, err error) {
	in := &Intake{Env: w, config: c, logger: logger, storing: make(chan error, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(err, in.close())
		}
	}()
	policy, generated, made, err := config.NewPolicy(w, c)
	if err != nil {
		return nil, err
	}
	in.generated, in.made = generated, made
	if in.account, err = config.Account(w, c); err != nil {
		return nil, cli.UsageError(err)
	}
	if in.lock, err = store.TakeLock(ctx, c.Store); err != nil {
		return nil, err
	}
	if in.log, err = sqlite.Open(ctx, c.Store, sqlite.Options{Now: w.Now, Keep: c.Keep, KeepEvents: c.KeepEvents}); err != nil {
		return nil, err
	}
	if in.listener, err = listenOn(ctx, in.Build.UserAgent(), "--listen", c.Listen); err != nil {
		return nil, err
	}
	if err = in.lock.Tell(in.address()); err != nil {
		return nil, err
	}
	in.here = config.PointsHere(c, in.address())
	in.keyring = newKeyring(policy, in.pointsHere)
	in.tally = admin.NewTally()
	options := receiver.HandlerOptions{
		Log: in.tally.Time(in.log), Path: c.Path, MaxBody: c.MaxBody, BasicAuth: c.BasicAuth, Now: w.Now, Logger: logger,
		StoreState: in.tellStoring, OnRejected: in.tally.Rejected,
	}
	if in.account != nil {
		options.RefreshSecrets = in.keyring.doubt
	}
	in.handler = receiver.NewHandler(options, policy)
	in.keyring.equip(in.handler)
	if in.account != nil {
		in.parts = append(in.parts, in.keepSecrets)
	}
	if err = in.dig(); err != nil {
		return nil, err
	}
	if err = in.handOn(ctx); err != nil {
		return nil, err
	}
	if err = in.openAdmin(ctx); err != nil {
		return nil, err
	}
	in.server = receiver.NewServer(in.handler, receiver.ServerOptions{Logger: logger, OnRefused: in.handler.CountUnmatched})
	return in, nil
}

// listenOn opens an address that a flag gave.
func listenOn(ctx context.Context, agent, flag, address string) (net.Listener, error) {
	network := "tcp"
	if host, _, err := net.SplitHostPort(address); err == nil && net.ParseIP(host).To4() != nil {
		network = "tcp4" // 0.0.0.0 would also be all of IPv6
	}
	l, err := new(net.ListenConfig).Listen(ctx, network, address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is taken by %s; end that program, or choose another address with %s", address, probe.Squatter(ctx, agent, address), flag)
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("%s may not be used by this user: choose a port above 1023 with %s", address, flag)
	case err != nil:
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return l, nil
}

// tellStoring replaces a word that nobody has heard by a newer one. The handler
// calls it once at a time.
func (in *Intake) tellStoring(err error) {
	in.unstored.Store(&err)
	select {
	case <-in.storing:
	default:
	}
	in.storing <- err
}

func (in *Intake) address() string { return in.listener.Addr().String() }

func (in *Intake) url() string { return "http://" + in.address() + in.config.Path }

// serve takes deliveries until ctx ends and the last of them is answered. Its
// other parts work as long as it does; where one of them fails, deliveries come
// in all the same.
func (in *Intake) serve(ctx context.Context) error {
	working, stop := context.WithCancel(ctx)
	defer stop()
	var parts errgroup.Group
	for _, part := range in.parts {
		parts.Go(func() error { return part(working) })
	}
	in.serving.Store(true)
	in.tellSystemd(daemon.SdNotifyReady)
	defer context.AfterFunc(ctx, func() { in.tellSystemd(daemon.SdNotifyStopping) })()
	err := in.server.Serve(ctx, in.listener)
	in.serving.Store(false)
	stop()
	return errors.Join(err, parts.Wait())
}

// keepSecrets is a part: it keeps the secrets of the workspace's webhooks fresh.
func (in *Intake) keepSecrets(ctx context.Context) error {
	in.keyring.follow(ctx, in.account, in.logger)
	return nil
}

// reload reads the secrets again, and what is asked of a signature. Where that
// fails everything stays as it is. Other settings need a restart.
func (in *Intake) reload(flags *pflag.FlagSet) (secrets int, err error) {
	c, _, err := config.Load(flags, in.Getenv)
	if err != nil {
		return 0, err
	}
	p, _, _, err := config.NewPolicy(in.Env, c)
	if err != nil {
		return 0, err
	}
	in.tellSystemd(daemon.SdNotifyReloading)
	in.keyring.configure(p)
	in.tellSystemd(daemon.SdNotifyReady)
	return len(p.Secrets), nil
}

func (in *Intake) close() error {
	var errs []error
	if in.server == nil && in.listener != nil {
		errs = append(errs, in.listener.Close())
	}
	if in.admin != nil {
		// It is closed already where it was served.
		_ = in.admin.Close()
	}
	if in.account != nil {
		in.account.Close()
	}
	if in.log != nil {
		errs = append(errs, in.log.Close())
	}
	if in.lock != nil {
		errs = append(errs, in.lock.Release())
	}
	return errors.Join(errs...)
}

// tellSystemd tells the service manager, where there is one, how the receiver
// stands.
func (in *Intake) tellSystemd(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		in.logger.Warn("could not tell systemd", "error", err)
	}
}
