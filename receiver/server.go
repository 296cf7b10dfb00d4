package receiver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// ServerOptions bounds what strangers can make a Server do. Zero values are
// the defaults.
type ServerOptions struct {
	// MaxConns is how many connections are served at a time; further ones wait
	// to be accepted. 0: 512.
	MaxConns int
	// HeaderTimeout bounds reading a header block (0: 5 s), ReadTimeout a whole
	// request (0: 15 s), WriteTimeout a request and its answer (0: 30 s),
	// IdleTimeout the wait for the next request on a connection (0: 60 s).
	HeaderTimeout, ReadTimeout, WriteTimeout, IdleTimeout time.Duration
	// DrainTimeout bounds how long requests in flight are waited for at the
	// end. 0: 10 s.
	DrainTimeout time.Duration
	// OnRefused is told of each request that came to no handler because it is no
	// proper HTTP, is too long or never ended; it must not block. nil: nobody is.
	OnRefused func()
	// Logger takes the server's own complaints, at debug level; nil: none.
	Logger *slog.Logger
}

// Server serves a Handler on a listener.
type Server struct {
	http     *http.Server
	conns    *conns
	maxConns int
	drain    time.Duration
}

// NewServer makes a Server. Call Serve once.
func NewServer(h http.Handler, o ServerOptions) *Server {
	log := o.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	cs := &conns{open: map[net.Conn]http.ConnState{}, refused: o.OnRefused}
	if cs.refused == nil {
		cs.refused = func() {}
	}
	return &Server{
		http: &http.Server{
			Handler:           recording(h),
			ReadHeaderTimeout: or(o.HeaderTimeout, 5*time.Second),
			ReadTimeout:       or(o.ReadTimeout, 15*time.Second),
			WriteTimeout:      or(o.WriteTimeout, 30*time.Second),
			IdleTimeout:       or(o.IdleTimeout, time.Minute),
			MaxHeaderBytes:    maxHeader,
			ConnContext:       withRecorder,
			ConnState:         cs.note,
			ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		},
		conns:    cs,
		maxConns: or(o.MaxConns, 512),
		drain:    or(o.DrainTimeout, 10*time.Second),
	}
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// Serve takes connections from l until ctx ends, then lets requests that are all
// there finish, cuts off those that are not within a second, and returns nil.
// It closes l.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	ended := make(chan error, 1)
	go func() { ended <- s.http.Serve(recordingListener{netutil.LimitListener(l, s.maxConns)}) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve deliveries on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	s.conns.end()
	timeout, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.drain)
	defer cancel()
	err := s.http.Shutdown(timeout)
	if err != nil {
		err = errors.Join(fmt.Errorf("drain deliveries: %w", err), s.http.Close())
	}
	<-ended
	return err
}
