package remote

import (
	"net"
	"net/netip"
	"os"

	"github.com/up42/up42-webhooks/receiver/loopback"
)

// CommandFor is what somebody types to look at a server that listens on an address, HOST:PORT.
func CommandFor(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "ssh " + address
	}
	switch a, err := netip.ParseAddr(host); {
	case loopback.Host(host):
		host = "localhost"
	case host == "" || err == nil && a.IsUnspecified():
		host = ownHost()
	}
	const usual = "22"
	if port == usual {
		return "ssh " + host
	}
	return "ssh -p " + port + " " + host
}

// ownHost is how others reach this machine: by its first address in a local network, or by its name.
func ownHost() string {
	addresses, _ := net.InterfaceAddrs() // without them there is the name
	for _, a := range addresses {
		if n, err := netip.ParsePrefix(a.String()); err == nil && n.Addr().Is4() && n.Addr().IsPrivate() {
			return n.Addr().String()
		}
	}
	if name, err := os.Hostname(); err == nil {
		return name
	}
	return "THIS-MACHINE"
}
