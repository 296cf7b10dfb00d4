package loopback

import (
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
)

// Reaches reports whether a connection to a host reaches what listens on a host of this machine. "" listens
// on all of its addresses. It looks up no name but that of the machine.
func Reaches(host, listener string) bool {
	to, isAddr := addrOf(host)
	at, fixed := addrOf(listener)
	switch {
	case listener == "" || fixed && at.IsUnspecified():
		return isAddr && (to.IsUnspecified() || to.IsLoopback() || isOwn(to)) || !isAddr && isOwnName(host)
	case fixed && at.IsLoopback() && (isAddr && to.IsUnspecified() || nameOf(host) == localhost):
		return true
	default:
		return Same(host, listener)
	}
}

// Same reports whether two hosts are the same address or name, however they are written. localhost is
// 127.0.0.1.
func Same(a, b string) bool {
	x, isX := addrOf(a)
	y, isY := addrOf(b)
	return isX && isY && x == y || !isX && !isY && nameOf(a) == nameOf(b)
}

const localhost = "localhost"

// nameOf returns a name as all write it.
func nameOf(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

// addrOf returns the address that a host is.
func addrOf(host string) (netip.Addr, bool) {
	host = nameOf(host)
	if host == localhost {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), true
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().WithZone(""), true
	}
	return shortAddr(host)
}

// shortAddr reads an address in the forms that systems accept besides: 127.1, 0x7f000001.
func shortAddr(host string) (netip.Addr, bool) {
	parts := strings.Split(host, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var all uint64
	for i, part := range parts {
		bits := 8
		if i == len(parts)-1 {
			bits = 8 * (4 - i) // the last part has all that is left
		}
		n, err := strconv.ParseUint(part, 0, bits)
		if err != nil {
			return netip.Addr{}, false
		}
		all = all<<bits | n
	}
	return netip.AddrFrom4([4]byte{byte(all >> 24), byte(all >> 16), byte(all >> 8), byte(all)}), true
}

// isOwn reports whether an address is one of this machine's network interfaces.
func isOwn(a netip.Addr) bool {
	own, err := net.InterfaceAddrs()
	return err == nil && slices.ContainsFunc(own, func(n net.Addr) bool {
		p, err := netip.ParsePrefix(n.String())
		return err == nil && p.Addr().Unmap().WithZone("") == a
	})
}

// isOwnName reports whether a name is that of this machine, with its domain or without.
func isOwnName(host string) bool {
	own, err := os.Hostname()
	short, _, _ := strings.Cut(own, ".")
	name := nameOf(host)
	return err == nil && name != "" && (name == nameOf(own) || name == nameOf(short))
}
