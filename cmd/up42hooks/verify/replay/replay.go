// Package replay gives a captured request to a receiver in memory, so that a capture is
// judged by the same code as a delivery.
package replay

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// Outcome is what a receiver makes of a request.
type Outcome struct {
	// Event is the event or the rejected delivery. It is nil if the receiver does not take
	// the request for a delivery.
	Event *receiver.Event
	// Status is that of the answer. It is 0 if there was none: the request never ends.
	Status int
}

// Request gives a request to a receiver that has these options, and whose log keeps
// nothing. If more follows the request, it is ignored.
func Request(ctx context.Context, raw []byte, o receiver.HandlerOptions, p signature.Policy) (Outcome, error) {
	log := &sink{}
	o.Log = log
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := &conn{in: bytes.NewReader(raw), closed: make(chan struct{})}
	l := &listener{conns: make(chan net.Conn, 1), ended: make(chan struct{})}
	l.conns <- c
	server := receiver.NewServer(receiver.NewHandler(o, p), receiver.ServerOptions{MaxConns: 1})
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, l) }()
	select {
	case <-c.closed:
	case <-ctx.Done():
	}
	cancel()
	if err := <-ended; err != nil {
		return Outcome{}, fmt.Errorf("judge the request: %w", err)
	}
	return Outcome{log.first, c.status()}, nil
}

// sink is a log that keeps the first delivery.
type sink struct {
	receiver.Log
	first *receiver.Event
}

func (s *sink) Append(_ context.Context, e *receiver.Event) (receiver.Receipt, error) {
	s.Reject(e)
	return receiver.Receipt{Seq: 1}, nil
}

func (s *sink) Reject(e *receiver.Event) {
	if s.first == nil {
		s.first = e
	}
}

// CountUnmatched does nothing: the answer says that the request is no delivery.
func (s *sink) CountUnmatched() {}

// errNoDump is the answer to a capture that asks for all events.
var errNoDump = errors.New("a capture has no store")

func (s *sink) Counts(context.Context) (receiver.Counts, error) { return receiver.Counts{}, errNoDump }

// listener has one connection.
type listener struct {
	conns chan net.Conn
	once  sync.Once
	ended chan struct{}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.ended:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.ended) })
	return nil
}

func (l *listener) Addr() net.Addr { return address{} }

// address is that of both ends.
type address struct{}

func (address) Network() string { return "capture" }
func (address) String() string  { return "capture" }

// conn is a connection whose other end has sent all of a request, and sends no more.
type conn struct {
	mu     sync.Mutex
	in     *bytes.Reader
	out    bytes.Buffer
	once   sync.Once
	closed chan struct{}
}

func (c *conn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.in.Read(p)
}

func (c *conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.Write(p)
}

func (c *conn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return nil
}

func (c *conn) LocalAddr() net.Addr              { return address{} }
func (c *conn) RemoteAddr() net.Addr             { return address{} }
func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }

// status returns the status of the first final answer.
func (c *conn) status() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	answers := bufio.NewReader(&c.out)
	for {
		res, err := http.ReadResponse(answers, nil)
		if err != nil {
			return 0
		}
		_, _ = io.Copy(io.Discard, res.Body) // it is in memory
		_ = res.Body.Close()
		if res.StatusCode >= http.StatusOK {
			return res.StatusCode
		}
	}
}
