package limit

import (
	"net/http"
	"net/netip"
	"strings"
)

// Proxies are the addresses of proxies that are believed when they name their client.
type Proxies []netip.Prefix

// Client returns the address of the client for whom a trusted proxy sent a request, as
// X-Forwarded-For or Forwarded (RFC 7239) name it. ok is false if the request did not
// come from a trusted proxy, or if it does not clearly name a client.
//
// Only what a trusted proxy wrote is believed: the last address that is not that of a
// trusted proxy. A proxy writes one of the two headers and passes on the other as the
// client sent it. So if a request has both, they must agree.
func (p Proxies) Client(r *http.Request) (client netip.Addr, ok bool) {
	if len(p) == 0 {
		return netip.Addr{}, false
	}
	remote, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !p.trust(remote.Addr()) {
		return netip.Addr{}, false
	}
	forwardedFor, standard := r.Header["X-Forwarded-For"], r.Header["Forwarded"]
	if len(forwardedFor) > 0 {
		client, ok = p.last(elements(forwardedFor))
	}
	if len(standard) == 0 {
		return client, ok
	}
	other, found := p.last(forwardedElements(standard))
	if len(forwardedFor) == 0 {
		return other, found
	}
	return client, ok && found && client == other
}

func (p Proxies) trust(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, prefix := range p {
		if prefix.Contains(a) {
			return true
		}
	}
	return false
}

// last returns the last address that is not that of a trusted proxy.
func (p Proxies) last(nodes []string) (netip.Addr, bool) {
	for i := len(nodes) - 1; i >= 0; i-- {
		a, ok := parseNode(nodes[i])
		if !ok {
			return netip.Addr{}, false
		}
		if !p.trust(a) {
			return a, true
		}
	}
	return netip.Addr{}, false
}

// elements returns the elements of a header that is a list.
func elements(lines []string) []string {
	return strings.Split(strings.Join(lines, ","), ",")
}

// forwardedElements returns the nodes in the `for` parameters of Forwarded. An element
// without one is the empty node.
func forwardedElements(lines []string) []string {
	nodes := elements(lines)
	for i, element := range nodes {
		nodes[i] = ""
		for pair := range strings.SplitSeq(element, ";") {
			if name, value, _ := strings.Cut(pair, "="); strings.EqualFold(strings.TrimSpace(name), "for") {
				nodes[i] = strings.Trim(strings.TrimSpace(value), `"`)
			}
		}
	}
	return nodes
}

// parseNode reads an address that may have a port.
func parseNode(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	if a, err := netip.ParseAddrPort(text); err == nil {
		return a.Addr().Unmap().WithZone(""), true
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	return a.Unmap().WithZone(""), err == nil
}
