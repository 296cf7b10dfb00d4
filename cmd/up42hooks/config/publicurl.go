package config

import (
	"cmp"
	"net"
	"net/url"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/loopback"
)

// PublicURL returns the URL that a webhook needs to reach the receiver, or "" if it
// is not known. If the setting public-url has no path, the receiver's path is added.
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

// ReceiverURL returns the URL of the receiver: the public URL, or else its address on
// this machine.
func ReceiverURL(c *Config, address string) string {
	return cmp.Or(PublicURL(c), "http://"+address+c.Path)
}

// WebhookURL returns the URL for a new webhook, or "" if it is not known. It is the
// public URL. If UP42 is simulated on this machine, it may be the receiver's own
// address.
func WebhookURL(c *Config, address string) string {
	if u := PublicURL(c); u != "" {
		return u
	}
	if api, err := url.Parse(c.APIURL); err == nil && address != "" && loopback.Host(api.Hostname()) {
		return "http://" + address + c.Path
	}
	return ""
}

// PointsHere returns a function that reports whether a webhook's URL leads to the
// receiver: to its public URL, or to its address on this machine.
func PointsHere(c *Config, address string) func(string) bool {
	public, known := endpointOf(PublicURL(c))
	path := receiver.CleanPath((&url.URL{Path: c.Path}).EscapedPath())
	return func(raw string) bool {
		e, ok := endpointOf(raw)
		return ok && (known && e.same(public) || e.path == path && e.reaches(address))
	}
}

// IsReceiver reports whether a URL leads to the receiver that listens at an address, whatever its path is.
func IsReceiver(address, raw string) bool {
	e, ok := endpointOf(raw)
	return ok && e.reaches(address)
}

// SameEndpoint reports whether two URLs lead to the same host, port and path.
func SameEndpoint(a, b string) bool {
	x, ok := endpointOf(a)
	y, fine := endpointOf(b)
	return ok && fine && x.same(y)
}

// endpoint is the part of a URL that decides where it leads.
type endpoint struct{ host, port, path string }

func endpointOf(raw string) (endpoint, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return endpoint{}, false
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return endpoint{u.Hostname(), port, receiver.CleanPath(u.EscapedPath())}, true
}

func (e endpoint) same(as endpoint) bool {
	return loopback.Same(e.host, as.host) && samePort(e.port, as.port) && e.path == as.path
}

// reaches reports whether it leads to what listens at an address of this machine.
func (e endpoint) reaches(address string) bool {
	host, port, err := net.SplitHostPort(address)
	return err == nil && samePort(e.port, port) && loopback.Reaches(e.host, host)
}

// samePort compares ports as numbers.
func samePort(a, b string) bool { return strings.TrimLeft(a, "0") == strings.TrimLeft(b, "0") }
