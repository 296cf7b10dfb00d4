//go:build ngrok

package tunnel_test

import (
	"context"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/tunnel"
)

// The library needs a token and no program. A server that does not answer is tried again.
func TestTheLibraryTriesAgain(t *testing.T) {
	server, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	asked := make(chan struct{}, 100)
	go func() {
		for {
			c, err := server.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
			asked <- struct{}{}
		}
	}()
	t.Setenv("PATH", t.TempDir())
	t.Setenv("NGROK_AUTHTOKEN", "")
	o := tunnel.Options{Program: tunnel.Ngrok, Address: "127.0.0.1:9888"}
	_, err = tunnel.New(o)
	require.ErrorContains(t, err, "ngrok is not installed")
	require.ErrorContains(t, err, "or set NGROK_AUTHTOKEN")

	t.Setenv("NGROK_AUTHTOKEN", "2abcSECRET")
	states := make(chan tunnel.State, 100)
	o.OnState = func(s tunnel.State) { states <- s }
	o = o.WithTimeouts(200*time.Millisecond, time.Hour).WithWait(func(int) time.Duration { return time.Millisecond }).WithNgrokServer(server.Addr().String())
	tun, err := tunnel.New(o)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- tun.Run(ctx) }()
	for range 2 {
		<-asked
		s := <-states
		require.Error(t, s.Err)
		assert.Empty(t, s.URL)
		assert.NotContains(t, s.Err.Error(), "SECRET")
	}
	cancel()
	require.NoError(t, <-done)
	// The library sleeps for a moment before it notices that it is to end.
	require.Eventually(t, func() bool {
		stacks := make([]byte, 1<<20)
		return !strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), "reconnectingSession")
	}, tooLong, 10*time.Millisecond)
}
