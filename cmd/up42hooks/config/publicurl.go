package config

import (
	"net"
	"net/url"
	"strings"
)

// PublicURL is the URL that a webhook needs to reach the receiver; "" where it
// is not known. A public URL without a path stands for the receiver as a whole.
func PublicURL(c *Config) string {
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Host == "" {
		return ""
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = c.Path
	}
	return u.String()
}

// PointsHere returns a function that says whether a webhook's URL leads to the
// receiver: by its public URL, or on the same machine by its address.
func PointsHere(c *Config, address string) func(string) bool {
	places := map[place]bool{}
	if p, ok := PlaceOf(PublicURL(c)); ok {
		places[p] = true
	}
	if host, port, err := net.SplitHostPort(address); err == nil {
		for _, h := range localNames(host) {
			places[place{net.JoinHostPort(h, port), strings.TrimSuffix(c.Path, "/")}] = true
		}
	}
	return func(raw string) bool {
		p, ok := PlaceOf(raw)
		return ok && places[p]
	}
}

// place is where a URL leads, whatever the way.
type place struct{ hostPort, path string }

func PlaceOf(raw string) (place, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return place{}, false
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	return place{net.JoinHostPort(host, port), strings.TrimSuffix(u.EscapedPath(), "/")}, true
}

// localNames are the names under which this machine reaches a listener.
func localNames(host string) []string {
	names := []string{strings.ToLower(host)}
	ip := net.ParseIP(host)
	switch {
	case host == "" || ip != nil && ip.IsUnspecified():
		return append(names, "localhost", "127.0.0.1", "::1")
	case ip != nil && ip.IsLoopback():
		return append(names, "localhost")
	default:
		return names
	}
}

// IsThisMachine says whether a host is this machine, to nobody else.
func IsThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// WebhookURL is the URL for a new webhook: the public one; where UP42 itself is
// simulated on this machine, the receiver's address; else "".
func WebhookURL(c *Config, address string) string {
	if u := PublicURL(c); u != "" {
		return u
	}
	api, err := url.Parse(c.APIURL)
	if err != nil || address == "" {
		return ""
	}
	if ip := net.ParseIP(api.Hostname()); api.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
		return "http://" + address + c.Path
	}
	return ""
}
