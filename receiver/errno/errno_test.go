package errno_test

import (
	"fmt"
	"net"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

func TestErrorsOfConnections(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	_, err = net.Listen("tcp", l.Addr().String())
	assert.True(t, errno.Is(err, syscall.EADDRINUSE), "%v", err)
	assert.False(t, errno.Is(err, syscall.ECONNREFUSED), "%v", err)

	_, err = net.Dial("tcp", fmt.Sprint("127.0.0.1:", receivertest.FreePort(t)))
	assert.True(t, errno.Is(fmt.Errorf("connect: %w", err), syscall.ECONNREFUSED), "%v", err)
}

func TestNumbersOfUnixMeanThemselves(t *testing.T) {
	assert.Equal(t, syscall.EPIPE, errno.Unix(syscall.EPIPE))
	assert.True(t, errno.Is(syscall.EPIPE, syscall.EPIPE))
	assert.False(t, errno.Is(nil, syscall.EPIPE))
}
