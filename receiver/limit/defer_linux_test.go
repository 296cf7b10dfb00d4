package limit_test

import (
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/limit"
)

// A connection that sends nothing does not come before one that sends. It comes later.
func TestASilentConnectionComesLater(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l := limit.New(inner, limit.Options{Max: 8})
	defer func() { l.End(); _ = inner.Close() }()
	dial := func() net.Conn {
		c, err := net.Dial("tcp", inner.Addr().String())
		require.NoError(t, err)
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	silent, sends := dial(), dial()
	_, err = io.WriteString(sends, "GET")
	require.NoError(t, err)
	for _, want := range []net.Conn{sends, silent} {
		c, err := l.Accept()
		require.NoError(t, err)
		assert.Equal(t, want.LocalAddr().String(), c.RemoteAddr().String())
		require.NoError(t, c.Close())
	}
}
