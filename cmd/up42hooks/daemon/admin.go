package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/up42/up42-webhooks/receiver/admin"
)

// openAdmin opens the address for those who look after the receiver, where one
// is configured, and makes serving it a part.
func (in *Intake) openAdmin(ctx context.Context) error {
	if in.config.Admin == "" {
		return nil
	}
	l, err := listenOn(ctx, in.Build.UserAgent(), "--admin", in.config.Admin)
	if err != nil {
		return err
	}
	in.admin = l
	in.logger.Info("showing health and metrics", "url", "http://"+l.Addr().String())
	handler := admin.New(admin.Options{
		Log: in.log, Ready: in.readiness, Strays: in.handler.UnmatchedRequests, StoreBytes: in.storeBytes, Tally: in.tally,
		More: in.writeForwardMetrics, Version: in.Build.Version,
	})
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		ErrorLog:          slog.NewLogLogger(in.logger.Handler(), slog.LevelDebug),
	}
	in.parts = append(in.parts, func(ctx context.Context) error { return serveUntil(ctx, server, l) })
	return nil
}

// serveUntil serves until ctx ends.
func serveUntil(ctx context.Context, server *http.Server, l net.Listener) error {
	var serving errgroup.Group
	serving.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve on %s: %w", l.Addr(), err)
		}
		return nil
	})
	<-ctx.Done()
	return errors.Join(server.Close(), serving.Wait())
}

// readiness says why deliveries can't be taken now, nil where they can.
func (in *Intake) readiness() error {
	if !in.serving.Load() {
		return errors.New("starting")
	}
	if why := in.unstored.Load(); why != nil && *why != nil {
		return *why
	}
	return nil
}

// storeBytes is the size of the store on disk, as far as it can be told.
func (in *Intake) storeBytes() (n int64) {
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(in.config.Store + suffix); err == nil {
			n += info.Size()
		}
	}
	return n
}
