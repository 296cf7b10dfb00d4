package limit

import (
	"net"
	"net/netip"
)

// peerOf returns who counts as one peer. A host has a whole /64 of IPv6.
func peerOf(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}

// addressOf returns the address of a connection's other end. It is invalid if it is not
// an IP address.
func addressOf(c net.Conn) netip.Addr {
	if a, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		return a.AddrPort().Addr()
	}
	return netip.Addr{}
}
