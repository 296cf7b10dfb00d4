package limit_test

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/limit"
)

// late is a listener that ends after the system has taken a connection, and before the program gets it.
type late struct {
	net.Listener
	end func()
}

func (l late) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	l.end()
	return c, err
}

// Nobody would wait for a connection that is served after the end. It is refused, for no limit.
func TestAConnectionThatCrossesWithTheEndIsRefused(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var l *limit.Listener
	l = limit.New(late{inner, sync.OnceFunc(func() {
		l.End()
		require.NoError(t, inner.Close())
	})}, limit.Options{Max: 2, Busy: []byte(busy), OnLimit: func(x limit.Limit, _ string) { assert.Fail(t, "a limit acted", x) }})
	c, err := net.Dial("tcp", inner.Addr().String())
	require.NoError(t, err)
	defer c.Close()
	_, err = l.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
	answer, err := io.ReadAll(c)
	require.NoError(t, err)
	assert.Equal(t, busy, string(answer))
}

// crossing is a connection that is read when the listener closes it for another one. Its request
// comes in that moment.
type crossing struct {
	net.Conn
	reads, closes func()
	reading       chan struct{}
	comes         chan struct{} // has one value: the request
	answers       chan string
}

func newCrossing(inner net.Conn) *crossing {
	c := &crossing{Conn: inner, reading: make(chan struct{}), comes: make(chan struct{}, 1), answers: make(chan string, 1)}
	c.reads = sync.OnceFunc(func() { close(c.reading) })
	c.closes = sync.OnceFunc(func() {
		c.comes <- struct{}{}
		close(c.comes)
	})
	return c
}

func (c *crossing) Read(p []byte) (int, error) {
	c.reads()
	if _, ok := <-c.comes; !ok {
		return 0, io.EOF
	}
	return copy(p, request), nil
}

func (c *crossing) SetReadDeadline(time.Time) error {
	c.closes()
	return nil
}

func (c *crossing) Write(p []byte) (int, error) {
	c.answers <- string(p)
	return len(p), nil
}

// A sender whose request crosses with the end of its connection is told to come again.
func TestARequestThatCrossesWithTheCloseIsAnswered(t *testing.T) {
	c := crowd{waiting: make(chan net.Conn, 2)}
	l := limit.New(c, limit.Options{Max: 1, Busy: []byte(busy), OnLimit: func(limit.Limit, string) {}})
	inner, _ := net.Pipe() // it needs no end
	idle := newCrossing(inner)
	c.waiting <- idle
	first, err := l.Accept()
	require.NoError(t, err)
	read := make(chan error, 1)
	go func() {
		_, err := first.Read(make([]byte, 1024))
		read <- err
	}()
	<-idle.reading
	another, _ := net.Pipe()
	c.waiting <- another
	_, err = l.Accept()
	require.NoError(t, err)
	require.ErrorIs(t, <-read, net.ErrClosed)
	require.Len(t, idle.answers, 1)
	assert.Equal(t, busy, <-idle.answers)
	l.End()
}
