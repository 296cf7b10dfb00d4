package daemon

import (
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/tunnel"
)

// Location says under which URLs the receiver can be reached.
type Location struct {
	config *config.Config
	tunnel *tunnel.Tunnel // nil without a tunnel
	// known reports whether a URL leads here by its address or its configured URL.
	known func(url string) bool
}

func newLocation(c *config.Config, address string, t *tunnel.Tunnel) *Location {
	return &Location{config: c, tunnel: t, known: config.PointsHere(c, address)}
}

// Tunnel returns the state of the tunnel; ok is false without a tunnel, or if a
// public URL is configured, which the tunnel does not replace.
func (l *Location) Tunnel() (s tunnel.State, ok bool) {
	if l.tunnel == nil || l.config.PublicURL != "" {
		return s, false
	}
	return l.tunnel.State(), true
}

// PublicURL is where UP42 reaches the receiver now, "" if that is not known. A
// configured URL comes before that of the tunnel.
func (l *Location) PublicURL() string {
	if u := config.PublicURL(l.config); u != "" || l.tunnel == nil {
		return u
	}
	if u := l.tunnel.State().URL; u != "" {
		return u + l.config.Path
	}
	return ""
}

// PointsHere reports whether a webhook's URL leads to this receiver, through the
// tunnel or not. A tunnel that is not connected now may be soon, with the same URL.
func (l *Location) PointsHere(url string) bool {
	if l.tunnel != nil {
		if last := l.tunnel.State().Last; last != "" && config.SameEndpoint(last+l.config.Path, url) {
			return true
		}
	}
	return l.known(url)
}
