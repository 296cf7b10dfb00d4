package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// intake is a receiver that is ready to work: it has the store, the store's
// lock and the port.
type intake struct {
	world
	config *config.Config
	// generated is the file of the generated secret, "" where a secret was
	// configured; made says that this start made it.
	generated string
	made      bool

	lock     *storeLock
	log      *sqlite.Log
	listener net.Listener
	handler  *receiver.Handler
	server   *receiver.Server
	// storing has the newest word on whether deliveries can be stored.
	storing chan error
}

// openIntake gets all that a receiver needs, or nothing. Its error is a
// *receiving where another process receives into the store. The caller serves,
// then closes.
func openIntake(ctx context.Context, w world, c *config.Config, logger *slog.Logger) (_ *intake, err error) {
	in := &intake{world: w, config: c, storing: make(chan error, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(err, in.close())
		}
	}()
	policy, generated, made, err := newPolicy(w, c)
	if err != nil {
		return nil, err
	}
	in.generated, in.made = generated, made
	if in.lock, err = lockStore(ctx, c.Store); err != nil {
		return nil, err
	}
	if in.log, err = sqlite.Open(ctx, c.Store, sqlite.Options{Now: w.now}); err != nil {
		return nil, err
	}
	if in.listener, err = listenOn(ctx, c.Listen); err != nil {
		return nil, err
	}
	if err = in.lock.tell(in.address()); err != nil {
		return nil, err
	}
	in.handler = receiver.NewHandler(receiver.HandlerOptions{
		Log: in.log, Path: c.Path, MaxBody: c.MaxBody, BasicAuth: c.BasicAuth, Now: w.now, Logger: logger, Storing: in.tellStoring,
	}, policy)
	in.server = receiver.NewServer(in.handler, receiver.ServerOptions{Logger: logger, Refused: in.handler.CountStray})
	return in, nil
}

func listenOn(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is taken by another program: end that one, or choose another address with --listen", address)
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("%s may not be used by this user: choose a port above 1023 with --listen", address)
	case err != nil:
		return nil, fmt.Errorf("receive on %s: %w", address, err)
	}
	return l, nil
}

// tellStoring replaces a word that nobody has heard by a newer one. The handler
// calls it once at a time.
func (in *intake) tellStoring(err error) {
	select {
	case <-in.storing:
	default:
	}
	in.storing <- err
}

func (in *intake) address() string { return in.listener.Addr().String() }

func (in *intake) url() string { return "http://" + in.address() + in.config.Path }

// serve takes deliveries until ctx ends and the last of them is answered.
func (in *intake) serve(ctx context.Context) error { return in.server.Serve(ctx, in.listener) }

// reload reads the secrets again, and what is asked of a signature. Where that
// fails everything stays as it is. Other settings need a restart.
func (in *intake) reload(flags *pflag.FlagSet) (secrets int, err error) {
	c, _, err := config.Load(flags, in.getenv)
	if err != nil {
		return 0, err
	}
	p, _, _, err := newPolicy(in.world, c)
	if err != nil {
		return 0, err
	}
	in.handler.SetPolicy(p)
	return len(p.Secrets), nil
}

func (in *intake) close() error {
	var errs []error
	if in.server == nil && in.listener != nil {
		errs = append(errs, in.listener.Close())
	}
	if in.log != nil {
		errs = append(errs, in.log.Close())
	}
	if in.lock != nil {
		errs = append(errs, in.lock.release())
	}
	return errors.Join(errs...)
}
