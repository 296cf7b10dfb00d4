package receiver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/up42/up42-webhooks/receiver/altered"
	"github.com/up42/up42-webhooks/receiver/limit"
)

// DefaultMaxConns is the default of ServerOptions.MaxConns.
const DefaultMaxConns = 512

// idleTimeout is how long a connection may wait for its next request. It is longer than
// proxies keep connections that they do not use: see “Limits” in receiver/README.md. One
// that the receiver closes first may be closed just as a proxy sends a request on it.
const idleTimeout = 11 * time.Minute

// finishTimeout is how long a sender may take to finish a request that it has begun
// when the server ends.
const finishTimeout = time.Second

// ServerOptions limits what a stranger can make a Server do. A zero value stands for
// the default.
type ServerOptions struct {
	// MaxConns is how many connections are open at a time. At the limit, one that does
	// nothing gives way to a new one; see “Limits” in receiver/README.md.
	MaxConns int
	// MaxClosing is how many more connections are told to go away at a time (default 256).
	MaxClosing int
	// HeaderTimeout limits the time to read a header block (default 5 s), ReadTimeout to
	// read a whole request (15 s), WriteTimeout to read a request and answer it (30 s),
	// IdleTimeout the wait for the next request on a connection (11 min).
	HeaderTimeout, ReadTimeout, WriteTimeout, IdleTimeout time.Duration
	// DrainTimeout is how long the end waits for requests in flight. The default is 10 s.
	DrainTimeout time.Duration
	// OnRefused is called for each request that did not reach the handler because it is
	// not HTTP, is too long or never ended, with the cause in a sentence, "" if that is not
	// known. It must not block. It may be nil.
	OnRefused func(cause string)
	// OnLimit is called for each limit that acts, with the address that it acts on, by
	// several goroutines. It must not block. It may be nil.
	OnLimit func(l limit.Limit, from string)
	// Logger gets the errors of net/http, at debug level. It may be nil.
	Logger *slog.Logger
}

// Server serves a Handler on a listener.
type Server struct {
	http      *http.Server
	maxConns  int
	closing   int
	drain     time.Duration
	onRefused func(string)
	onLimit   func(limit.Limit, string)
	listener  atomic.Pointer[limit.Listener]
	lingering sync.WaitGroup // connections that net/http has nothing to do with any more
}

// NewServer makes a Server. Call Serve once.
func NewServer(h http.Handler, o ServerOptions) *Server {
	log := o.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		maxConns: cmp.Or(o.MaxConns, DefaultMaxConns), closing: o.MaxClosing, drain: cmp.Or(o.DrainTimeout, 10*time.Second),
		onRefused: o.OnRefused, onLimit: o.OnLimit,
	}
	if s.onRefused == nil {
		s.onRefused = func(string) {}
	}
	if s.onLimit == nil {
		s.onLimit = func(limit.Limit, string) {}
	}
	s.http = &http.Server{
		Handler:           s.tracking(h),
		ReadHeaderTimeout: cmp.Or(o.HeaderTimeout, 5*time.Second),
		ReadTimeout:       cmp.Or(o.ReadTimeout, 15*time.Second),
		WriteTimeout:      cmp.Or(o.WriteTimeout, 30*time.Second),
		IdleTimeout:       cmp.Or(o.IdleTimeout, idleTimeout),
		MaxHeaderBytes:    maxHeader,
		ConnContext:       withRecorder,
		ConnState:         s.stateChanged,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	return s
}

// Serve accepts connections from l until ctx ends. Then it lets complete requests
// finish, cuts off incomplete ones after a second, and returns nil. It closes l.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	limited := limit.New(l, limit.Options{
		Max: s.maxConns, Closing: s.closing, Busy: answerBusy.raw(), FinishTime: finishTimeout, OnLimit: s.onLimit,
	})
	s.listener.Store(limited)
	ended := make(chan error, 1)
	go func() { ended <- s.http.Serve(recordingListener{limited, s.onLimit}) }()
	select {
	case err := <-ended:
		limited.End()
		return fmt.Errorf("serve deliveries on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	limited.End()
	timeout, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.drain)
	defer cancel()
	err := s.http.Shutdown(timeout)
	if err != nil {
		err = errors.Join(fmt.Errorf("drain deliveries: %w", err), s.http.Close())
	}
	s.lingering.Wait()
	<-ended
	return err
}

// Connections returns how many connections are open.
func (s *Server) Connections() int {
	if l := s.listener.Load(); l != nil {
		return l.Open()
	}
	return 0
}

// stateChanged is the server's ConnState hook.
func (s *Server) stateChanged(conn net.Conn, state http.ConnState) {
	rec, _ := conn.(*recorder)
	switch state {
	case http.StateActive:
		rec.begun++
	case http.StateIdle:
		rec.Enter(limit.Waiting)
	case http.StateClosed:
		if rec.begun > rec.handled && !rec.Gone() {
			s.onRefused(altered.Refused(rec.beginning()))
		}
	}
}

// tracking calls h and says what the connection does meanwhile. If somebody waits for a
// connection, it closes this one after the answer.
func (s *Server) tracking(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := recorderOf(r)
		rec.handled++
		if !rec.Enter(limit.Busy) {
			return // its sender got an answer already
		}
		if rec.Pressed() {
			w.Header().Set("Connection", "close")
		}
		rec.unread = false
		rec.handling.Store(true)
		h.ServeHTTP(w, r)
		rec.handling.Store(false)
		if rec.unread && w.Header().Get("Content-Length") != "" {
			s.linger(w, rec.Conn)
		}
		rec.reset(r.ContentLength)
	})
}

// linger has a connection linger after its last answer. Strangers can have all connections
// do that, so it takes the connection from net/http, which keeps 40 KB for it.
func (s *Server) linger(w http.ResponseWriter, c *limit.Conn) {
	control := http.NewResponseController(w)
	switch {
	case control.Flush() != nil:
		return
	case c.Ending(): // nobody waits for a goroutine that starts now
		c.Linger()
		return
	}
	s.lingering.Add(1)
	if _, _, err := control.Hijack(); err != nil {
		s.lingering.Done()
		return
	}
	go func() {
		defer s.lingering.Done()
		c.Linger()
		_ = c.Close()
	}()
}

// recordingListener makes each connection that it accepts a recorder.
type recordingListener struct {
	*limit.Listener
	onLimit func(limit.Limit, string)
}

func (l recordingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &recorder{Conn: c.(*limit.Conn), onLimit: l.onLimit}, nil
}
