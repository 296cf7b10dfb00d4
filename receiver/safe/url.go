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
// name itself. A text that is no web address is returned as it is.
func Name(raw string) string {
	if !strings.HasPrefix(raw, "http://") && !strings.HasPrefix(raw, "https://") {
		return raw
	}
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
