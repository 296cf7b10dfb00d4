// Package loopback has the rule for what counts as this machine. Plain HTTP is
// allowed only there.
package loopback

import "net/netip"

// Host reports whether host is "localhost" or a loopback IP address. host has no
// port and no brackets, as url.URL.Hostname returns it. It looks up no name:
// other names are resolved by the network, so they are not trusted.
func Host(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.Unmap().IsLoopback()
}
