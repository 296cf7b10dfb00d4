package receiver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// ServerOptions limits what a stranger can make a Server do. A zero value stands for
// the default.
type ServerOptions struct {
	// MaxConns is how many connections are served at a time; further ones wait to be
	// accepted. The default is 512.
	MaxConns int
	// HeaderTimeout limits the time to read a header block (default 5 s), ReadTimeout to
	// read a whole request (15 s), WriteTimeout to read a request and answer it (30 s),
	// IdleTimeout the wait for the next request on a connection (60 s).
	HeaderTimeout, ReadTimeout, WriteTimeout, IdleTimeout time.Duration
	// DrainTimeout is how long the end waits for requests in flight. The default is 10 s.
	DrainTimeout time.Duration
	// OnRefused is called for each request that did not reach the handler because it is
	// not HTTP, is too long or never ended. It must not block. It may be nil.
	OnRefused func()
	// Logger gets the errors of net/http, at debug level. It may be nil.
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
	cs := &conns{open: map[net.Conn]http.ConnState{}, onRefused: o.OnRefused}
	if cs.onRefused == nil {
		cs.onRefused = func() {}
	}
	return &Server{
		http: &http.Server{
			Handler:           resettingHandler(h),
			ReadHeaderTimeout: cmp.Or(o.HeaderTimeout, 5*time.Second),
			ReadTimeout:       cmp.Or(o.ReadTimeout, 15*time.Second),
			WriteTimeout:      cmp.Or(o.WriteTimeout, 30*time.Second),
			IdleTimeout:       cmp.Or(o.IdleTimeout, time.Minute),
			MaxHeaderBytes:    maxHeader,
			ConnContext:       withRecorder,
			ConnState:         cs.stateChanged,
			ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		},
		conns:    cs,
		maxConns: cmp.Or(o.MaxConns, 512),
		drain:    cmp.Or(o.DrainTimeout, 10*time.Second),
	}
}

// Serve accepts connections from l until ctx ends. Then it lets complete requests
// finish, cuts off incomplete ones after a second, and returns nil. It closes l.
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
