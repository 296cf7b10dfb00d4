package limit_test

import (
	"fmt"
	"net"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/limit"
)

// visitor is a connection from an address.
type visitor struct {
	net.Conn
	address string
}

func (v visitor) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(v.address))
}

// A host has a whole /64 of IPv6, so connections from all its addresses count together.
func TestAddressesOfOneNetworkAreOnePeer(t *testing.T) {
	c := crowd{waiting: make(chan net.Conn, 5)}
	var acted []string
	l := limit.New(c, limit.Options{Max: 4, OnLimit: func(x limit.Limit, from string) { acted = append(acted, fmt.Sprint(x, " ", from)) }})
	for _, address := range []string{
		"[2001:db8:0:1::1]:1", "[2001:db8:0:1::2]:1", "[2001:db8:0:1:ffff::3]:1",
		"[2001:db8:0:2::1]:1", "[2001:db8:0:2::1]:2",
	} {
		here, there := net.Pipe()
		defer there.Close()
		c.waiting <- visitor{here, address}
		_, err := l.Accept()
		require.NoError(t, err)
	}
	assert.Equal(t, []string{fmt.Sprint(limit.PeerShare, " [2001:db8:0:1::1]:1")}, acted, "the network with three connections has more than half of the places")
	l.End()
}
