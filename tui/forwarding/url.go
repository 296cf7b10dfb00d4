package forwarding

import (
	"net/url"

	"github.com/up42/up42-webhooks/receiver/loopback"
)

// wrongURL says why no event is sent to a URL, or returns "" if it can be.
func wrongURL(s string) string {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Opaque != "" || u.Hostname() == "":
		return "want a URL like https://example.com/hook"
	case u.Scheme != "https" && u.Scheme != "http":
		return "want https, or http for this machine"
	case u.Scheme == "http" && !loopback.Host(u.Hostname()):
		return "want https, as it leaves this machine"
	case u.User != nil:
		return "no password here: the screen would show it; leave it out"
	default:
		return ""
	}
}
