package limit_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/limit"
)

// scarce is a listener in a process that can have few connections open.
type scarce struct {
	net.Listener
	files                int64
	open, most, failures atomic.Int64
	closes               sync.Mutex // held while connections can't be closed
}

func (s *scarce) Accept() (net.Conn, error) {
	if s.open.Load() >= s.files {
		s.failures.Add(1)
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	c, err := s.Listener.Accept()
	if err == nil {
		s.most.Store(max(s.most.Load(), s.open.Add(1)))
		c = &counted{Conn: c, closed: sync.OnceFunc(func() {
			s.closes.Lock()
			defer s.closes.Unlock()
			s.open.Add(-1)
		})}
	}
	return c, err
}

type counted struct {
	net.Conn
	closed func()
}

func (c *counted) Close() error {
	defer c.closed()
	return c.Conn.Close()
}

// Without a file for a new connection an idle one gives way. The listener does not try
// again at once, for ever.
func TestNoFileForAConnection(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &scarce{Listener: inner, files: 4}
	var acted atomic.Int64
	l := limit.New(s, limit.Options{Max: 100, OnLimit: func(x limit.Limit, from string) {
		assert.Equal(t, limit.OpenFiles, x)
		assert.NotEmpty(t, from)
		acted.Add(1)
	}})
	defer serve(l)()
	for range 6 {
		c, err := net.Dial("tcp", inner.Addr().String())
		require.NoError(t, err)
		defer c.Close()
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	for range 3 {
		res, err := client.Get("http://" + inner.Addr().String())
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
	}
	assert.NotZero(t, acted.Load())
	assert.LessOrEqual(t, acted.Load(), s.failures.Load())
	assert.Less(t, s.failures.Load(), int64(40))
}

// However many connections come, and however long it takes to close them, their files are
// bounded.
func TestOpenFilesAreBounded(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &scarce{Listener: inner, files: 1000}
	l := limit.New(s, limit.Options{Max: 4, Closing: 2, OnLimit: func(limit.Limit, string) {}})
	defer serve(l)()
	s.closes.Lock()
	const conns = 20
	answered := make(chan bool, conns)
	for range conns {
		go func() {
			c, err := net.Dial("tcp", inner.Addr().String())
			if err == nil {
				_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
				_, _ = io.Copy(io.Discard, c)
				_ = c.Close()
			}
			answered <- err == nil
		}()
	}
	assert.Eventually(t, func() bool { return s.open.Load() == 7 }, time.Minute, time.Millisecond)
	s.closes.Unlock()
	for range conns {
		assert.True(t, <-answered)
	}
	assert.EqualValues(t, 7, s.most.Load())
}

// serve serves the connections of a listener until end is called.
func serve(l *limit.Listener) (end func()) {
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(l) }()
	return func() { l.End(); _ = server.Close(); <-ended }
}
