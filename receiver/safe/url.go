package safe

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"
)

// WithoutURL returns the error of an HTTP request without its method and URL. The URL may hold
// a secret.
func WithoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// hidden stands for the part of a URL that may be a secret.
const hidden = "/…"

// URL returns what may be shown of the URL of a target: scheme and host. Whoever knows the
// path or the query of a chat's webhook can write there, so these are secrets, like a user
// and a fragment. A URL without all that is returned as it is.
func URL(raw string) string {
	shown, _ := maskURL(raw)
	return shown
}

// Name returns a name for the target with a URL: what may be shown of it, and a short hash
// if that is not all. Different URLs have different names, and the name of a name is the
// name itself. The name of a subject of NATS or of a table of PostgreSQL has no user, and of the
// parameters only those that say which table it is. A text that is no address of a target is
// returned as it is.
func Name(raw string) string {
	scheme, _, _ := strings.Cut(raw, "://")
	switch scheme {
	case "http", "https":
		return webName(raw)
	case "nats", "tls", "postgres", "postgresql":
		return placeName(raw)
	default:
		return raw
	}
}

// placeParams are the parameters that say which table of PostgreSQL a URL means.
var placeParams = []string{"dbname", "host", "port", "service", "table"}

func placeName(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "(a URL)"
	}
	kept := url.Values{}
	for _, name := range placeParams {
		if value := u.Query().Get(name); value != "" {
			kept.Set(name, value)
		}
	}
	name := strings.Replace(u.Scheme, "postgresql", "postgres", 1) + "://" + u.Host + u.EscapedPath()
	if len(kept) > 0 {
		name += "?" + kept.Encode()
	}
	return name
}

// Hides reports whether a URL has something that its name hides because it may be a secret.
func Hides(raw string) bool {
	scheme, _, _ := strings.Cut(raw, "://")
	return (scheme == "http" || scheme == "https") && Name(raw) != raw
}

func webName(raw string) string {
	shown, masked := maskURL(raw)
	if !masked || isName(raw) {
		return raw
	}
	sum := sha256.Sum256([]byte(raw))
	return shown + "#" + hex.EncodeToString(sum[:4])
}

// isName reports whether a text looks like a result of Name.
func isName(s string) bool {
	before, hash, ok := strings.Cut(s, hidden+"#")
	_, err := hex.DecodeString(hash)
	_, masked := maskURL(before)
	return ok && err == nil && len(hash) == 8 && !masked
}

func maskURL(raw string) (shown string, masked bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return "(a URL)", true
	}
	shown = u.Scheme + "://" + u.Host
	if u.User == nil && u.RawQuery == "" && u.Fragment == "" && strings.Trim(u.Path, "/") == "" {
		return raw, false
	}
	return shown + hidden, true
}
