package client

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/loopback"
)

// base is the address that calls start from.
type base struct{ *url.URL }

// newBase checks an address; what says whose it is.
func newBase(what, address string) (*base, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		// What url.Parse says quotes the address, which may hold a password.
		return nil, fmt.Errorf("the address of UP42's %s is no URL like https://api.up42.com", what)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("the address of UP42's %s must have neither a user nor a query", what)
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback.Host(u.Hostname())):
		return nil, fmt.Errorf("the address of UP42's %s must begin with https:// (http:// is for this machine only)", what)
	}
	return &base{u}, nil
}

// at is the address of a path below the base, whose parts are names.
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

// segment is a name as one part of a path; the two that would lead elsewhere
// are escaped as well.
func segment(name string) string {
	if name == "." || name == ".." {
		return strings.ReplaceAll(name, ".", "%2E")
	}
	return url.PathEscape(name)
}

// owns says whether a URL leads to the same host in the same way.
func (b *base) owns(u *url.URL) bool {
	return u.Scheme == b.Scheme && strings.EqualFold(u.Host, b.Host)
}

var (
	errElsewhere = errors.New("it was sent on to another address, where credentials must not follow")
	errLoop      = errors.New("it was sent on too many times")
)

// stayHere follows redirects of what only reads, on the same host.
func stayHere(req *http.Request, via []*http.Request) error {
	first := via[0]
	same := req.URL.Scheme == first.URL.Scheme && strings.EqualFold(req.URL.Host, first.URL.Host)
	switch {
	case !same || first.Method != http.MethodGet:
		return errElsewhere
	case len(via) >= 5:
		return errLoop
	default:
		return nil
	}
}

// proxy is that of the environment. Its own errors would repeat its address,
// which may hold a password.
func proxy(r *http.Request) (*url.URL, error) {
	u, err := http.ProxyFromEnvironment(r)
	if err != nil {
		return nil, errors.New("the proxy that the environment names is no URL")
	}
	return u, nil
}

// newTransport bounds how long UP42 may take to begin an answer; the test of a
// webhook waits for its receiver, so that is long.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 proxy,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 60 * time.Second,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConnsPerHost:   4,
		ForceAttemptHTTP2:     true,
	}
}
