package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/loopback"
	"github.com/up42/up42-webhooks/receiver/safe"
)

func parseAddress(text string) (string, error) { return parseAddressLike(text, "9888") }

func parseSSHAddress(text string) (string, error) { return parseAddressLike(text, "2222") }

// parseAddressLike parses an address. Its error has an example with a port.
func parseAddressLike(text, example string) (string, error) {
	_, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", fmt.Errorf("want HOST:PORT, like 127.0.0.1:%s or :%s", example, example)
	}
	return text, nil
}

// CheckAddresses refuses an address that is given twice: a receiver would find it taken by itself.
func (c *Config) CheckAddresses() error {
	given := []struct{ name, address string }{{"listen", c.Listen}, {"admin", c.Admin}, {"ssh", c.SSH}}
	for i, a := range given {
		for _, b := range given[:i] {
			if overlap(a.address, b.address) {
				return fmt.Errorf("%s: %s is the address of %s, too: choose another port", a.name, a.address, b.name)
			}
		}
	}
	return nil
}

// overlap reports whether two addresses have the same port of the same host, or of all hosts.
func overlap(a, b string) bool {
	hostA, portA, errA := net.SplitHostPort(a)
	hostB, portB, errB := net.SplitHostPort(b)
	all := func(host string) bool {
		return host == "" || loopback.Same(host, "0.0.0.0") || loopback.Same(host, "::")
	}
	return errA == nil && errB == nil && samePort(portA, portB) && strings.Trim(portA, "0") != "" && (loopback.Same(hostA, hostB) || all(hostA) || all(hostB))
}

// reservedPaths are the paths that the receiver answers itself.
var reservedPaths = []string{"/ping", "/favicon.ico", "/dump-webhooks"}

// parsePath returns the path as the receiver compares it: slashes at its ends do not count.
func parsePath(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || text == "" || u.Path != text || u.Host != "" {
		return "", errors.New("want a path like /receive-webhooks")
	}
	path := receiver.CleanPath(text)
	if slices.Contains(reservedPaths, path) {
		return "", errors.New("the receiver uses this path itself; choose another")
	}
	return path, nil
}

// isWebURL reports whether text is an HTTP URL without a password.
func isWebURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http")
}

func parseWebURL(text string) (string, error) {
	if !isWebURL(text) {
		return "", errors.New("want a URL like https://hooks.example.com, without a password")
	}
	return text, nil
}

func parseConsoleURL(text string) (string, error) {
	if !isWebURL(strings.ReplaceAll(text, "{id}", "id")) || !strings.Contains(text, "{id}") {
		return "", errors.New("want a URL with {id}, such as https://console.example.com/orders/{id}, without a password")
	}
	return text, nil
}

// forwardSchemes are the schemes of forward targets. Each kind of target checks the rest of
// the URL.
var forwardSchemes = []string{"https", "http", "nats", "tls", "postgres", "postgresql"}

func parseForwardURLs(urls []string) ([]string, error) {
	for i, text := range urls {
		u, err := url.Parse(text)
		if err != nil || !slices.Contains(forwardSchemes, u.Scheme) {
			return nil, errors.New("want URLs like https://example.com/hook, nats://example.com:4222/up42.events or postgres://user@example.com/database")
		}
		switch _, password := u.User.Password(); {
		case password || u.User != nil && !strings.HasPrefix(u.Scheme, "postgres"):
			return nil, errors.New("want URLs like https://example.com/hook, without a password in them: UP42_FORWARD_AUTH_FILE names a file for https://, --forward-creds one for nats://, PGPASSFILE one for postgres://")
		case u.Host == "" && !strings.HasPrefix(u.Scheme, "postgres"):
			return nil, errors.New("want URLs with a host, like https://example.com/hook")
		case slices.ContainsFunc(urls[:i], func(other string) bool { return safe.Name(other) == safe.Name(text) }):
			return nil, errors.New("want each URL once")
		}
	}
	return urls, nil
}

// parseProxies parses addresses and networks of proxies.
func parseProxies(texts []string) ([]netip.Prefix, error) {
	out := make([]netip.Prefix, 0, len(texts))
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if a, ok := netip.ParseAddr(text); ok == nil && a.Zone() == "" {
			p, err = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
		}
		if err != nil {
			return nil, errors.New("want addresses or networks, like 127.0.0.1 or 10.0.0.0/8")
		}
		if p.Addr().Is4In6() && p.Bits() >= 96 {
			p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// parseBaseURL parses the beginning of API addresses. Passwords are sent there, so
// plain HTTP is allowed on this machine only.
func parseBaseURL(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
	case u.Scheme == "https" || u.Scheme == "http" && loopback.Host(u.Hostname()):
		return text, nil
	}
	return "", errors.New("want a URL like https://api.up42.com; http:// is for this machine only")
}
