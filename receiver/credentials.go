package receiver

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
)

// credentials are the hash of USER:PASS, so that comparing takes the same time
// whatever the length.
type credentials struct{ sum [sha256.Size]byte }

func newCredentials(userPass string) *credentials {
	if userPass == "" {
		return nil
	}
	return &credentials{sha256.Sum256([]byte(userPass))}
}

// check says whether the request offers basic authentication and whether it is
// the configured one. Where none is configured nothing counts as offered.
func (c *credentials) check(r *http.Request) (known, offered bool) {
	if c == nil || r.Header.Get("Authorization") == "" {
		return false, false
	}
	user, pass, ok := r.BasicAuth()
	if !ok {
		return false, true
	}
	sum := sha256.Sum256([]byte(user + ":" + pass))
	return subtle.ConstantTimeCompare(sum[:], c.sum[:]) == 1, true
}
