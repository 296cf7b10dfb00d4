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
)

// adminServer serves health and metrics on an address of its own.
type adminServer struct {
	listener net.Listener
	server   *http.Server
}

func newAdminServer(l net.Listener, h http.Handler, logger *slog.Logger) *adminServer {
	return &adminServer{listener: l, server: &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}}
}

// run serves until ctx ends.
func (s *adminServer) run(ctx context.Context) error {
	var serving errgroup.Group
	serving.Go(func() error {
		if err := s.server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve on %s: %w", s.listener.Addr(), err)
		}
		return nil
	})
	<-ctx.Done()
	return errors.Join(s.server.Close(), serving.Wait())
}

// close closes the address, if run has not done so.
func (s *adminServer) close() { _ = s.listener.Close() }

// storeBytes is the size of a store on disk. Files that can't be read count 0.
func storeBytes(file string) (n int64) {
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(file + suffix); err == nil {
			n += info.Size()
		}
	}
	return n
}
