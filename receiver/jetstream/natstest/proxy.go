package natstest

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Proxy stands between clients and a server, and can cut them off.
type Proxy struct {
	to       string
	listener net.Listener
	working  sync.WaitGroup

	mu      sync.Mutex
	mode    mode
	delay   time.Duration
	conns   map[net.Conn]struct{}
	changed chan struct{} // closed when the mode changes
}

type mode int

const (
	open mode = iota
	refusing
	silent
	ended
)

// NewProxy makes a proxy to the server at a URL. The end of the test ends it.
func NewProxy(t testing.TB, url string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &Proxy{to: strings.TrimPrefix(url, "nats://"), listener: l, conns: map[net.Conn]struct{}{}, changed: make(chan struct{})}
	p.working.Go(p.accept)
	t.Cleanup(func() {
		_ = l.Close()
		p.set(ended)
		p.working.Wait()
	})
	return p
}

// URL is where clients connect.
func (p *Proxy) URL() string { return "nats://" + p.listener.Addr().String() }

// Refuse ends all connections, and refuses new ones.
func (p *Proxy) Refuse() { p.set(refusing) }

// Silence holds back whatever is sent, as if a cable were pulled.
func (p *Proxy) Silence() { p.set(silent) }

// Mend lets everything through again, also what was held back.
func (p *Proxy) Mend() { p.set(open) }

// Delay holds back each piece of what is sent for a while.
func (p *Proxy) Delay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

func (p *Proxy) set(m mode) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mode = m
	if m == refusing || m == ended {
		for c := range p.conns {
			_ = c.Close()
		}
	}
	close(p.changed)
	p.changed = make(chan struct{})
}

// pass waits until something may go through. It reports whether it may.
func (p *Proxy) pass() bool {
	for {
		p.mu.Lock()
		m, changed, delay := p.mode, p.changed, p.delay
		p.mu.Unlock()
		switch m {
		case silent:
			<-changed
			continue
		case open:
			if delay == 0 {
				return true
			}
			select {
			case <-time.After(delay):
				return true
			case <-changed:
			}
		default:
			return false
		}
	}
}

func (p *Proxy) accept() {
	for {
		c, err := p.listener.Accept()
		if err != nil {
			return
		}
		if !p.add(c) {
			_ = c.Close()
			continue
		}
		p.working.Go(func() { p.serve(c) })
	}
}

// add notes a connection. It reports false if the proxy takes no connections.
func (p *Proxy) add(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mode == refusing || p.mode == ended {
		return false
	}
	p.conns[c] = struct{}{}
	return true
}

func (p *Proxy) remove(c net.Conn) {
	_ = c.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
}

// serve connects a client with the server.
func (p *Proxy) serve(client net.Conn) {
	defer p.remove(client)
	if !p.pass() {
		return
	}
	server, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	defer p.remove(server)
	if !p.add(server) {
		return
	}
	var copying sync.WaitGroup
	copying.Go(func() {
		p.copy(server, client)
		_ = server.Close()
	})
	p.copy(client, server)
	_ = client.Close()
	copying.Wait()
}

func (p *Proxy) copy(to io.Writer, from io.Reader) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && !p.pass() {
			return
		}
		if _, failed := to.Write(buf[:n]); failed != nil || err != nil {
			return
		}
	}
}
