package receivertest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// SignedRequest returns a POST request with a body, signed now as UP42 signs: over
// its date and its digest. With secret "" it is not signed. It does not use package
// signature, so a mistake that Sign and Verify share shows.
func SignedRequest(t testing.TB, url string, body []byte, secret string) *http.Request {
	t.Helper()
	return SignedRequestAt(t, url, body, secret, time.Now())
}

// SignedRequestAt is SignedRequest with the time of the signature.
func SignedRequestAt(t testing.TB, url string, body []byte, secret string, at time.Time) *http.Request {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	date, digest := at.UTC().Format(http.TimeFormat), "SHA-256="+base64.StdEncoding.EncodeToString(sum[:])
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Date", date)
	req.Header.Set("Digest", digest)
	if secret == "" {
		return req
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(date + digest))
	req.Header.Set("Signature-Input", fmt.Sprintf(`up42-sig=("date" "digest");created=%d`, at.Unix()))
	req.Header.Set("Signature", "up42-sig="+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return req
}
