package remote

import (
	"errors"
	"fmt"
	"net/netip"
	"path"
	"strings"
)

// addresses are those of an option from="…": networks, addresses and patterns with * and ?. One
// that begins with ! excludes what it matches, wherever it stands. Without a zone it matches each zone.
type addresses struct{ in, out []func(netip.Addr) bool }

// parseAddresses reads a list with commas. Names of hosts are refused: looking them up would trust
// whoever answers.
func parseAddresses(list string) (*addresses, error) {
	a := &addresses{}
	for item := range strings.SplitSeq(list, ",") {
		pattern, negated := strings.CutPrefix(strings.TrimSpace(item), "!")
		match, err := parsePattern(pattern)
		switch {
		case err != nil:
			return nil, err
		case negated:
			a.out = append(a.out, match)
		default:
			a.in = append(a.in, match)
		}
	}
	if len(a.in) == 0 {
		return nil, errors.New("it only excludes addresses, so it lets nobody in: add those that may come")
	}
	return a, nil
}

func parsePattern(pattern string) (func(netip.Addr) bool, error) {
	if network, err := netip.ParsePrefix(pattern); err == nil {
		if network != network.Masked() {
			return nil, fmt.Errorf("%s has bits behind its mask: want %s", network, network.Masked())
		}
		if network.Addr().Is4In6() && network.Bits() >= 96 {
			network = netip.PrefixFrom(network.Addr().Unmap(), network.Bits()-96)
		}
		return func(a netip.Addr) bool { return network.Contains(a.WithZone("")) }, nil
	}
	if address, err := netip.ParseAddr(pattern); err == nil {
		address = address.Unmap()
		return func(a netip.Addr) bool { return a == address || a.WithZone("") == address }, nil
	}
	if pattern == "" || strings.Trim(pattern, "0123456789abcdefABCDEF.:*?") != "" || !strings.ContainsAny(pattern, "*?") {
		return nil, fmt.Errorf("%q is no address: want one like 192.0.2.7, 192.0.2.0/24 or 192.0.2.*; names of hosts are not looked up", quoted(pattern))
	}
	pattern = strings.ToLower(pattern)
	return func(a netip.Addr) bool {
		ok, err := path.Match(pattern, a.WithZone("").String())
		return ok && err == nil
	}, nil
}

// match reports whether an address is one of them.
func (a *addresses) match(from netip.Addr) bool {
	from = from.Unmap()
	matches := func(all []func(netip.Addr) bool) bool {
		for _, match := range all {
			if match(from) {
				return true
			}
		}
		return false
	}
	return !matches(a.out) && matches(a.in)
}
