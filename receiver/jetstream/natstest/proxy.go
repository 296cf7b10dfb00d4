package natstest

import (
	"bytes"
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

// Delay holds back what clients send for a while. What the server sends comes at once, so that
// clients do not miss its heartbeats.
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

// pass waits until something may go through that has just come. It reports whether it may.
func (p *Proxy) pass() bool { return p.passLater(time.Time{}) }

// passLater is pass for something that has come at a time, and is delayed.
func (p *Proxy) passLater(came time.Time) bool {
	for {
		p.mu.Lock()
		m, changed, delay := p.mode, p.changed, p.delay
		p.mu.Unlock()
		wait := time.Until(came.Add(delay))
		switch {
		case m == silent:
			<-changed
		case m != open:
			return false
		case wait <= 0:
			return true
		default:
			select {
			case <-time.After(wait):
			case <-changed:
			}
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
	sent := make(chan piece, 1<<10)
	copying.Go(func() {
		defer close(sent)
		read(client, sent)
	})
	copying.Go(func() {
		p.passOn(server, sent)
		_, _ = server.Close(), client.Close()
		for range sent { // read may wait for room
		}
	})
	p.copy(client, server)
	_ = client.Close()
	copying.Wait()
}

// piece is what a client sent at a time.
type piece struct {
	text []byte
	came time.Time
}

func read(client io.Reader, into chan<- piece) {
	buf := make([]byte, 32<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		into <- piece{bytes.Clone(buf[:n]), time.Now()}
	}
}

func (p *Proxy) passOn(server io.Writer, sent <-chan piece) {
	for s := range sent {
		if !p.passLater(s.came) {
			return
		}
		if _, err := server.Write(s.text); err != nil {
			return
		}
	}
}

func (p *Proxy) copy(client io.Writer, server io.Reader) {
	buf := make([]byte, 32<<10)
	for {
		n, err := server.Read(buf)
		if n > 0 && !p.pass() {
			return
		}
		if _, failed := client.Write(buf[:n]); failed != nil || err != nil {
			return
		}
	}
}
