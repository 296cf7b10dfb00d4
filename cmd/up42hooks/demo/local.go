package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/up42/up42-webhooks/client/simulator"
)

// localSimulator is a simulator on an address of this machine.
type localSimulator struct {
	*simulator.Simulator
	url  string
	stop func() error
}

// startSimulator starts a simulator. The caller stops it.
func startSimulator(ctx context.Context, o simulator.Options) (*localSimulator, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the simulated UP42: %w", err)
	}
	s := simulator.New(o)
	server := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)}
	var serving errgroup.Group
	serving.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("simulated UP42: %w", err)
		}
		return nil
	})
	return &localSimulator{
		Simulator: s, url: "http://" + l.Addr().String(),
		stop: func() error { return errors.Join(server.Close(), serving.Wait()) },
	}, nil
}
