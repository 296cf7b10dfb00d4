package remote

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	charm "github.com/charmbracelet/ssh"
	"github.com/charmbracelet/wish"
	"golang.org/x/crypto/ssh"

	"github.com/up42/up42-webhooks/receiver/loopback"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// Options are what a Server needs.
type Options struct {
	// Keys says who is let in. Nil: everybody.
	Keys *KeyFile
	// Audience: everybody is let in, and sees stand-ins only. Limit is how many sessions there may
	// be; 0: maxSessions.
	Audience bool
	Limit    int
	// MaskKey is for the stand-ins, which then are those of another screen.
	MaskKey []byte
	HostKey ssh.Signer
	Logger  *slog.Logger
	Now     func() time.Time
	// Waits are shorter in tests. Its zero value has the limits of the package.
	Waits Waits
}

// Waits are how long the server waits for a client. 0: the limit of the package.
type Waits struct{ New, Stall, Idle, Alive time.Duration }

// CheckAddress refuses an address that other machines reach, if everybody would be let in.
func CheckAddress(address string, keys string, audience bool) error {
	host, _, err := net.SplitHostPort(address)
	switch {
	case err != nil:
		return fmt.Errorf("--ssh %s: want HOST:PORT, like 127.0.0.1:2222 or :2222", address)
	case audience && keys != "":
		return errors.New("--audience lets everybody look, so --ssh-keys has no meaning: give one of them")
	case keys == "" && !audience && !loopback.Host(host):
		return fmt.Errorf("--ssh %s is not only for this machine, so it needs --ssh-keys FILE, with the public keys of those who may look", address)
	default:
		return nil
	}
}

// Server serves sessions on a listener.
type Server struct {
	o        Options
	listener net.Listener
	ssh      *charm.Server
	place    *place
	sessions *seats
	fresh    *seats
	refusals *refusals
	looking  *seats
	turns    turns

	mu      sync.Mutex
	ended   bool
	running sync.WaitGroup
}

// New makes a server, which Serve runs. It owns the listener from then on.
func New(l net.Listener, o Options) (*Server, error) {
	if o.Limit == 0 {
		o.Limit = maxSessions
	}
	ofOne := maxSessionsOfKey
	if o.Keys == nil {
		ofOne = o.Limit
	}
	s := &Server{
		o: o, listener: l, place: newPlace(), sessions: newSeats(o.Limit, ofOne), looking: newSeats(o.Limit, o.Limit),
		fresh: newSeats(maxNew, maxNewOfAddress), refusals: newRefusals(o.Logger), turns: newTurns(),
	}
	options := []charm.Option{wish.WithVersion("up42hooks"), s.configure}
	if o.Keys != nil {
		options = append(options, wish.WithPublicKeyAuth(s.authorize))
	}
	var err error
	s.ssh, err = wish.NewServer(options...)
	return s, err
}

// configure leaves the server nothing but sessions, which are ours.
func (s *Server) configure(server *charm.Server) error {
	server.AddHostKey(s.o.HostKey)
	server.ServerConfigCallback = func(charm.Context) *ssh.ServerConfig { return &ssh.ServerConfig{MaxAuthTries: maxTries} }
	server.RequestHandlers = map[string]charm.RequestHandler{}
	server.SubsystemHandlers = map[string]charm.SubsystemHandler{}
	server.ChannelHandlers = map[string]charm.ChannelHandler{"session": s.channel}
	server.ConnCallback = func(ctx charm.Context, conn net.Conn) net.Conn {
		v := conn.(*visitor)
		v.ssh = ctx
		ctx.SetValue(visitorKey{}, v)
		return v
	}
	return nil
}

// Address is where the server listens.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Looking returns how many sessions have a screen.
func (s *Server) Looking() int { return s.looking.taken() }

// Show makes sessions show a board from now on. Nil: they wait for the next one.
func (s *Server) Show(b *Board) {
	if b != nil {
		b.api = newSharedAPI(b.API)
	}
	s.place.put(b)
}

// Serve serves until ctx ends, and all sessions have ended.
func (s *Server) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, func() { _ = s.listener.Close() })()
	var err error
	for failures := 0; ctx.Err() == nil; {
		var conn net.Conn
		if conn, err = s.listener.Accept(); err == nil {
			failures = 0
			s.accept(ctx, conn)
			continue
		}
		if errors.Is(err, net.ErrClosed) {
			break
		}
		failures++ // too many open files, perhaps
		retry.Sleep(ctx, retry.Backoff(failures, 10*time.Millisecond, time.Second))
	}
	cancel()
	s.end()
	s.running.Wait()
	if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
		err = nil
	}
	return err
}

// Close closes the listener, if Serve has not done so.
func (s *Server) Close() { _ = s.listener.Close() }

// accept serves a connection, unless there are too many that have no session yet.
func (s *Server) accept(ctx context.Context, conn net.Conn) {
	address := addressOf(conn)
	seat := func() (leave func(), err error) { return s.fresh.take(address.String()) }
	v, err := newVisitor(ctx, conn, address, seat, s.waits())
	if err != nil {
		s.refusals.log("too many connections without a session", "address", address)
		_ = conn.Close()
		return
	}
	s.goRun(func() {
		defer v.leave()
		stop := context.AfterFunc(ctx, v.end)
		defer stop()
		s.ssh.HandleConn(v)
		switch {
		case v.known():
		case v.signedIn():
			s.refusals.log("somebody was let in, and opened no session", "address", address, "key", v.offered())
		default:
			s.refusals.log("somebody was not let in", "address", address, "key", v.offered(), "why", v.refusal())
		}
	})
}

// goRun runs a function that Serve waits for. It does not run it once the server ends.
func (s *Server) goRun(f func()) bool {
	if !s.begin() {
		return false
	}
	go func() {
		defer s.running.Done()
		f()
	}()
	return true
}

func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return false
	}
	s.running.Add(1)
	return true
}

func (s *Server) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
}

func (s *Server) waits() Waits {
	w := s.o.Waits
	or := func(d *time.Duration, usual time.Duration) {
		if *d == 0 {
			*d = usual
		}
	}
	or(&w.New, newTime)
	or(&w.Stall, stallTime)
	or(&w.Idle, idleTime)
	or(&w.Alive, aliveTime)
	return w
}
