package receiver_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// onePipe is a listener with one connection.
type onePipe struct {
	conns chan net.Conn
	ended chan struct{}
}

func (l *onePipe) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.ended:
		return nil, net.ErrClosed
	}
}

func (l *onePipe) Close() error   { close(l.ended); return nil }
func (l *onePipe) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// A connection that a proxy keeps is not closed before the proxy closes it: of the common
// ones Google's load balancer keeps one for the longest time, ten minutes.
func TestAConnectionIsKeptLongerThanProxiesKeepIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		h := receiver.NewHandler(receiver.HandlerOptions{Log: receivertest.NewLog()}, signature.Policy{})
		s := receiver.NewServer(h, receiver.ServerOptions{})
		l := &onePipe{make(chan net.Conn, 1), make(chan struct{})}
		ended := make(chan error, 1)
		go func() { ended <- s.Serve(ctx, l) }()
		ours, theirs := net.Pipe()
		l.conns <- theirs
		answers := bufio.NewReader(ours)
		for range 2 {
			_, err := io.WriteString(ours, "GET /ping HTTP/1.1\r\nHost: h\r\n\r\n")
			require.NoError(t, err)
			res, err := http.ReadResponse(answers, nil)
			require.NoError(t, err)
			assert.Equal(t, 200, res.StatusCode)
			_, err = io.Copy(io.Discard, res.Body)
			require.NoError(t, err)
			time.Sleep(10 * time.Minute)
		}
		time.Sleep(5 * time.Minute)
		_, err := ours.Write([]byte("G"))
		assert.Error(t, err, "one that nobody uses is closed at last")
		cancel()
		require.NoError(t, <-ended)
		_ = ours.Close()
	})
}
