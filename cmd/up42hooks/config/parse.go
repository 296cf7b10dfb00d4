package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/tunnel"
)

// one makes the set function of a setting with a single value.
func one[T any](field func(*Config) *T, parse func(string) (T, error)) func(*Config, []string) error {
	return func(c *Config, values []string) error {
		v, err := parse(values[len(values)-1])
		if err == nil {
			*field(c) = v
		}
		return err
	}
}

func address(text string) (string, error) {
	_, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", errors.New("want HOST:PORT, like 127.0.0.1:9888 or :9888")
	}
	return text, nil
}

// The receiver answers these paths itself.
var taken = []string{"/ping", "/favicon.ico"}

func path(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || !strings.HasPrefix(text, "/") || u.Path != text || u.Host != "" {
		return "", errors.New("want a path that starts with a slash, like /receive-webhooks")
	}
	if slices.Contains(taken, text) {
		return "", errors.New("the receiver uses this path itself; choose another")
	}
	return text, nil
}

// file makes the path absolute, so that it names the same file wherever it is
// shown.
func file(text string) (string, error) {
	if text == "" {
		return "", errors.New("want the name of a file")
	}
	return filepath.Abs(text)
}

func boolean(text string) (bool, error) {
	b, err := strconv.ParseBool(text)
	if err != nil {
		return false, errors.New("want true or false")
	}
	return b, nil
}

func components(c *Config, values []string) error {
	for i, v := range values {
		if v == "" || strings.Trim(v, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return errors.New("want names of headers in lower case, like date,digest")
		}
		if slices.Contains(values[:i], v) {
			return errors.New("want each header once")
		}
	}
	c.Components = values
	return nil
}

type duration time.Duration

func positive(text string) (duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second {
		return 0, errors.New("want a duration of at least 1s, like 90s, 5m or 1h30m")
	}
	return duration(d), nil
}

// days is a duration that may be given in days.
func days(text string) (duration, error) {
	const longest = 36500
	if n, ok := strings.CutSuffix(text, "d"); ok {
		d, err := strconv.ParseUint(n, 10, 32)
		if err != nil || d == 0 || d > longest {
			return 0, errors.New("want a number of days, like 90d")
		}
		return duration(time.Duration(d) * 24 * time.Hour), nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Minute {
		return 0, errors.New("want a duration of at least 1m, like 90d or 36h")
	}
	return duration(d), nil
}

func count(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, errors.New("want a number from 1 on")
	}
	return n, nil
}

// ahead is a duration that may be none: what package signature takes for that is
// a negative one.
func ahead(text string) (duration, error) {
	if d, err := time.ParseDuration(text); err == nil && d == 0 {
		return -1, nil
	}
	return positive(text)
}

// Bounds of max-body, in bytes: a delivery has about 1 KB, and the receiver
// holds each body in memory while it judges it.
const (
	leastBody = 1 << 10
	mostBody  = 64 << 20
)

func size(text string) (int64, error) {
	n, err := humanize.ParseBytes(text)
	if err != nil || n < leastBody || n > mostBody {
		return 0, errors.New("want a size from 1KiB to 64MiB")
	}
	return int64(n), nil
}

func userPass(text string) (string, error) {
	user, pass, ok := strings.Cut(text, ":")
	if !ok || user == "" || pass == "" {
		return "", errors.New("want USER:PASS")
	}
	return text, nil
}

func webURL(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return "", errors.New("want a URL like https://hooks.example.com, without a password")
	}
	return text, nil
}

func region(text string) (string, error) {
	if text != client.Europe && text != client.SaudiArabia {
		return "", fmt.Errorf("want %s or %s", client.Europe, client.SaudiArabia)
	}
	return text, nil
}

// baseURL is an address that paths are added to, and to which passwords are
// sent: a plain one is for the own machine only.
func baseURL(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
	case u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()):
		return text, nil
	}
	return "", errors.New("want a URL like https://api.up42.com; http:// is for this machine only")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func workspace(text string) (string, error) {
	if text = strings.TrimSpace(text); text == "" || strings.ContainsFunc(text, strange) {
		return "", errors.New("want the id of a workspace")
	}
	return text, nil
}

func present(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", errors.New("it is empty")
	}
	return text, nil
}

func secretText(text string) (client.Secret, error) {
	text, err := present(text)
	return client.Secret(text), err
}

// token is one of visible ASCII, as it goes into a header.
func token(text string) (client.Secret, error) {
	if text = strings.TrimSpace(text); text == "" || strings.ContainsFunc(text, strange) {
		return "", errors.New("want a token without white space")
	}
	return client.Secret(text), nil
}

// strange is all but visible ASCII.
func strange(r rune) bool { return r <= ' ' || r > '~' }

func theme(text string) (string, error) {
	if !slices.Contains([]string{Auto, Dark, Light}, text) {
		return "", errors.New("want auto, dark or light")
	}
	return text, nil
}

// blanked keeps the place of secrets that are nothing but white space, as it is
// by their places that the others are named, and nothing else of them: an empty
// one counts as none.
func blanked(values []string) []string {
	out := slices.Clone(values)
	for i, s := range out {
		if strings.TrimSpace(s) == "" {
			out[i] = ""
		}
	}
	return out
}

// expression is a filter. What is wrong with one is told with the word.
func expression(text string) (*filter.Filter, error) {
	f, err := filter.Parse(text)
	if err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "filter: "))
	}
	return f, nil
}

func forwardURLs(c *Config, values []string) error {
	for i, v := range values {
		if u, err := url.Parse(v); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
			return errors.New("want URLs like https://example.com/hook, without a password in them")
		}
		if slices.Contains(values[:i], v) {
			return errors.New("want each URL once")
		}
	}
	c.ForwardTo = values
	return nil
}

func tunnelProgram(text string) (string, error) {
	if text == NoTunnel || slices.Contains(tunnel.Programs(), tunnel.Program(text)) {
		return text, nil
	}
	return "", fmt.Errorf("want %s, %s or %s", NoTunnel, tunnel.Cloudflared, tunnel.Ngrok)
}
