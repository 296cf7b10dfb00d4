//go:build unix

package forward_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/up42/up42-webhooks/receiver/forward"
)

// pipes is a listener without a network. Its connections work in the time of a test.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// serve runs a real HTTP server in the time of a test, and returns a target that posts to
// it.
func serve(t *testing.T, h http.HandlerFunc) forward.Target {
	t.Helper()
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	s := &http.Server{Handler: h}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	transport := &http.Transport{DialContext: l.dial, MaxIdleConnsPerHost: 100}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = s.Close()
		<-ended
	})
	return post(t, "http://target.test/hook", func(o *forward.HTTPOptions) { o.Timeout, o.Transport = forward.DefaultTimeout, transport })
}
