package limit_test

import (
	"io"
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/limit"
)

// slow is a listener on a machine that is so busy that a program waits between all that it does:
// a deadline is over before it counts, and a write takes place when begin is closed.
type slow struct {
	net.Listener
	begin chan struct{}
}

func (s slow) Accept() (net.Conn, error) {
	c, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &slowConn{c.(*net.TCPConn), s.begin}, nil
}

type slowConn struct {
	*net.TCPConn
	begin chan struct{}
}

func (c *slowConn) Write(p []byte) (int, error) {
	<-c.begin
	return c.TCPConn.Write(p)
}

func (c *slowConn) SetWriteDeadline(t time.Time) error {
	if !t.IsZero() {
		t = time.Unix(1, 0)
	}
	return c.TCPConn.SetWriteDeadline(t)
}

const (
	request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	hello   = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
	busy    = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)

// ask sends a request on a connection of its own.
func ask(t *testing.T, l net.Listener) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
	_, err = io.WriteString(c, request)
	require.NoError(t, err)
	return c
}

// slowly makes a listener of one connection on such a machine.
func slowly(t *testing.T) (l *limit.Listener, begin chan struct{}) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("an answer is written within a deadline there: nothing else writes what the system takes at once")
	}
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	begin = make(chan struct{})
	return limit.New(slow{inner, begin}, limit.Options{Max: 1, Busy: []byte(busy), OnLimit: func(limit.Limit, string) {}}), begin
}

// accepted returns the next connection, with its request read.
func accepted(t *testing.T, l *limit.Listener) *limit.Conn {
	t.Helper()
	c, err := l.Accept()
	require.NoError(t, err)
	_, err = io.ReadFull(c, make([]byte, len(request)))
	require.NoError(t, err)
	require.True(t, c.(*limit.Conn).Enter(limit.Busy))
	return c.(*limit.Conn)
}

func TestABusyMachineTellsWhomItRefuses(t *testing.T) {
	l, begin := slowly(t)
	close(begin)
	ask(t, l)
	first := accepted(t, l)
	second := ask(t, l)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, err := l.Accept()
		assert.Error(t, err)
	}()
	answer, err := io.ReadAll(second)
	require.NoError(t, err)
	assert.Equal(t, busy, string(answer))
	l.End()
	require.NoError(t, l.Close())
	<-ended
	require.NoError(t, first.Close())
}

// A connection whose answer the program has not begun to write is not one that reads slowly.
func TestABusyMachineDoesNotCloseWhatItAnswers(t *testing.T) {
	l, begin := slowly(t)
	one := ask(t, l)
	first := accepted(t, l)
	written := make(chan error, 1)
	go func() {
		_, err := io.WriteString(first, hello)
		written <- err
	}()
	ended := make(chan struct{})
	go func() { // the second one waits for a place
		defer close(ended)
		if c, err := l.Accept(); err == nil {
			close(begin)
			_ = c.Close()
		}
	}()
	ask(t, l)
	answer := make([]byte, len(hello))
	_, err := io.ReadFull(one, answer)
	require.NoError(t, err)
	assert.Equal(t, hello, string(answer))
	require.NoError(t, <-written)
	require.NoError(t, first.Close())
	<-ended
	l.End()
	require.NoError(t, l.Close())
}
