package limit

import (
	"net/http"
	"net/netip"
	"slices"
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
// client sent it. So if a request has both, they must agree. Headers with one address
// (X-Real-IP, CF-Connecting-IP) are never read: nothing tells whether a proxy replaced
// what the client sent.
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
		client, ok = p.last(forwardedFor, addresses)
	}
	if len(standard) == 0 {
		return client, ok
	}
	other, found := p.last(standard, forwardedNodes)
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

// last returns the last address in a header that is not that of a trusted proxy. nodes
// reads one line of the header. A line that can't be read hides those before it.
func (p Proxies) last(lines []string, nodes func(line string) ([]string, bool)) (netip.Addr, bool) {
	for _, line := range slices.Backward(lines) {
		all, ok := nodes(line)
		if !ok {
			return netip.Addr{}, false
		}
		for _, node := range slices.Backward(all) {
			a, ok := parseNode(node)
			if !ok {
				return netip.Addr{}, false
			}
			if !p.trust(a) {
				return a, true
			}
		}
	}
	return netip.Addr{}, false
}

// addresses returns the elements of a line of X-Forwarded-For.
func addresses(line string) ([]string, bool) { return strings.Split(line, ","), true }

// forwardedNodes returns the nodes in the `for` parameters of a line of Forwarded. An
// element without one is the empty node. ok is false if the line is not well formed.
//
// It is strict because a client may choose what a proxy writes beside the address: a host
// like `x;for=192.0.2.1` in quotes is not a parameter.
func forwardedNodes(line string) (nodes []string, ok bool) {
	elements, ok := splitQuoted(line, ',')
	for _, element := range elements {
		pairs, _ := splitQuoted(element, ';')
		node := ""
		var seen []string
		for _, pair := range pairs {
			name, value, found := strings.Cut(strings.TrimSpace(pair), "=")
			name = strings.ToLower(name)
			value, fine := unquote(value)
			if !found || !fine || slices.Contains(seen, name) {
				return nil, false
			}
			seen = append(seen, name)
			if name == "for" {
				node = value
			}
		}
		nodes = append(nodes, node)
	}
	return nodes, ok
}

// splitQuoted splits a text at a separator that is not within quotation marks. ok is false
// if a quotation has no end.
func splitQuoted(text string, separator byte) (parts []string, ok bool) {
	start, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == separator && !quoted:
			parts, start = append(parts, text[start:i]), i+1
		}
	}
	return append(parts, text[start:]), !quoted
}

// unquote returns a value without its quotation marks. ok is false if there are others.
func unquote(value string) (_ string, ok bool) {
	if inner, quoted := strings.CutPrefix(value, `"`); quoted {
		if value, ok = strings.CutSuffix(inner, `"`); !ok {
			return "", false
		}
		value = strings.ReplaceAll(strings.ReplaceAll(value, `\\`, ""), `\"`, "")
	}
	return value, !strings.Contains(value, `"`)
}

// parseNode reads an address that may have a port. A name that hides an address (unknown,
// _name) is not one.
func parseNode(text string) (a netip.Addr, ok bool) {
	host, port, hasPort := strings.TrimSpace(text), "", false
	inner, bracketed := strings.CutPrefix(host, "[")
	switch {
	case bracketed:
		if host, port, ok = strings.Cut(inner, "]"); !ok {
			return a, false
		}
		if port != "" {
			if port, hasPort = strings.CutPrefix(port, ":"); !hasPort {
				return a, false
			}
		}
	case strings.Count(host, ":") == 1:
		host, port, hasPort = strings.Cut(host, ":")
	}
	a, err := netip.ParseAddr(host)
	if err != nil || bracketed && !a.Is6() || hasPort && !isPort(port) {
		return netip.Addr{}, false
	}
	return a.Unmap().WithZone(""), true
}

// isPort says whether a text is a port, or a name that hides one (RFC 7239: _name).
func isPort(text string) bool {
	kind := "0123456789"
	if name, hidden := strings.CutPrefix(text, "_"); hidden {
		text, kind = name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
	}
	return text != "" && strings.Trim(text, kind) == ""
}
