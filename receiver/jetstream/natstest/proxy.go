package natstest

import (
	"errors"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Proxy is a way to a server that can stop moving bytes, as a network does that loses them all.
type Proxy struct {
	listener net.Listener
	server   string

	mu      sync.Mutex
	moves   *sync.Cond
	stopped bool
	closed  bool
	open    []net.Conn
	working sync.WaitGroup
}

// NewProxy makes a way to a server. The end of the test closes it.
func NewProxy(t testing.TB, s *Server) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &Proxy{listener: l, server: s.URL()[len("nats://"):]}
	p.moves = sync.NewCond(&p.mu)
	p.working.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

// URL is where clients connect.
func (p *Proxy) URL() string { return "nats://" + p.listener.Addr().String() }

// Stop stops moving bytes, Go goes on with those that wait.
func (p *Proxy) Stop() { p.set(true) }

// Go moves bytes again.
func (p *Proxy) Go() { p.set(false) }

func (p *Proxy) set(stopped bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopped = stopped
	p.moves.Broadcast()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.open = append(p.open, client, server)
		p.mu.Unlock()
		p.working.Go(func() { p.move(client, server) })
		p.working.Go(func() { p.move(server, client) })
	}
}

// move moves bytes in one direction.
func (p *Proxy) move(from, to net.Conn) {
	defer func() { _ = errors.Join(from.Close(), to.Close()) }()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		p.mu.Lock()
		for p.stopped && !p.closed {
			p.moves.Wait()
		}
		p.mu.Unlock()
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *Proxy) close() {
	p.mu.Lock()
	p.closed = true
	for _, c := range p.open {
		_ = c.Close()
	}
	p.moves.Broadcast()
	p.mu.Unlock()
	_ = p.listener.Close()
	p.working.Wait()
}
