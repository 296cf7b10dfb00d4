package client

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/up42/up42-webhooks/receiver/loopback"
)

// base is the address of the API or of the sign-in.
type base struct{ *url.URL }

// newBase checks an address. What names it in errors.
func newBase(what, address string) (*base, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		// The error of url.Parse has the address, which may have a password.
		return nil, fmt.Errorf("the address of UP42's %s is not a URL like https://api.up42.com", what)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("the address of UP42's %s must have neither a user nor a query", what)
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback.Host(u.Hostname())):
		return nil, fmt.Errorf("the address of UP42's %s must begin with https:// (http:// is for this machine only)", what)
	}
	return &base{u}, nil
}

// at returns the address of a path below the base. Each part is one segment of the path.
func (b *base) at(query url.Values, parts ...string) *url.URL {
	u := *b.URL
	escaped := strings.TrimSuffix(u.EscapedPath(), "/")
	u.Path = strings.TrimSuffix(u.Path, "/")
	for _, p := range parts {
		u.Path += "/" + p
		escaped += "/" + segment(p)
	}
	u.RawPath = escaped
	u.RawQuery = query.Encode()
	return &u
}

// segment escapes a part of a path. It also escapes "." and "..", which would lead to another
// path.
func segment(name string) string {
	if name == "." || name == ".." {
		return strings.ReplaceAll(name, ".", "%2E")
	}
	return url.PathEscape(name)
}

// owns reports whether a URL has the same scheme and host.
func (b *base) owns(u *url.URL) bool {
	return u.Scheme == b.Scheme && strings.EqualFold(u.Host, b.Host)
}
