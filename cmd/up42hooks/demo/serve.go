package demo

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/up42/up42-webhooks/client/simulator"
)

// localSimulator is a simulator that serves on an address of this machine.
type localSimulator struct {
	*simulator.Simulator
	url  string
	stop func() error
}

// startSimulator starts a simulator. The caller stops it: it also serves after ctx
// has ended, until everything that uses it has ended.
func startSimulator(ctx context.Context, o simulator.Options) (*localSimulator, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the simulated UP42: %w", err)
	}
	s := simulator.New(o)
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var serving errgroup.Group
	serving.Go(func() error { return serveSimulator(ctx, l, s) })
	stop := func() error {
		cancel()
		return serving.Wait()
	}
	return &localSimulator{Simulator: s, url: "http://" + l.Addr().String(), stop: stop}, nil
}

// serveSimulator serves until ctx ends. That also ends the calls in flight.
func serveSimulator(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		IdleTimeout:       time.Minute,
		// Writing has no limit: --latency may be long, and tests of webhooks wait for
		// receivers.
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve the simulated UP42: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if server.Shutdown(grace) != nil {
		_ = server.Close() // calls that are still open get no answer
	}
	<-ended
	return nil
}
