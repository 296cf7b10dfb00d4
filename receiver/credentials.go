package receiver

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
)

// credentials hold the hash of USER:PASS, so that a comparison takes the same time
// for any length. A nil pointer means that no credentials are configured.
type credentials struct{ sum [sha256.Size]byte }

func newCredentials(userPass string) *credentials {
	if userPass == "" {
		return nil
	}
	return &credentials{sha256.Sum256([]byte(userPass))}
}

// check says whether a request has basic authentication (offered), and whether that
// is the configured one (known). Without configured credentials both are false.
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
