package receivertest_test

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// A server that stops to start again would find its port taken, and a cluster would find another one's
// servers there.
func TestProcessesHavePortsOfTheirOwn(t *testing.T) {
	seen := map[int]bool{}
	for range 3 {
		l, err := receivertest.ClaimPorts(4711)
		require.NoError(t, err)
		defer l.Close()
		port := l.Addr().(*net.TCPAddr).Port
		for p := range seen {
			assert.GreaterOrEqual(t, max(p-port, port-p), 250)
		}
		seen[port] = true
	}
	a, b := receivertest.FreePort(t), receivertest.FreePort(t)
	assert.NotEqual(t, a, b)
}
