package forward

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// The headers of Standard Webhooks.
const (
	// StandardIDHeader has the event's [HeaderKey].
	StandardIDHeader = "Webhook-Id"
	// StandardTimeHeader has the time of the attempt in Unix seconds.
	StandardTimeHeader = "Webhook-Timestamp"
	// StandardSignatureHeader has "v1," and the base64 HMAC-SHA256 of the id, the time and
	// the body, with dots between them.
	StandardSignatureHeader = "Webhook-Signature"
)

// StandardPrefix is how a secret of Standard Webhooks begins.
const StandardPrefix = "whsec_"

// The key of Standard Webhooks has so many bytes.
const leastKey, mostKey = 24, 64

// standardKey returns the key in a secret of Standard Webhooks. It is strict, because the
// libraries that verify are.
func standardKey(secret string) ([]byte, error) {
	text, ok := strings.CutPrefix(secret, StandardPrefix)
	switch {
	case secret == "":
		return nil, errors.New("there is no secret for Standard Webhooks: " + makeStandardSecret)
	case !ok:
		return nil, fmt.Errorf("the secret of Standard Webhooks begins with %s: %s", StandardPrefix, makeStandardSecret)
	}
	key, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") { // which base64 skips
		return nil, fmt.Errorf("behind %s the secret is not base64 with its padding: %s", StandardPrefix, makeStandardSecret)
	}
	if n := len(key); n < leastKey || n > mostKey {
		return nil, fmt.Errorf("the secret of Standard Webhooks has %d to %d bytes, and this one has %d: %s", leastKey, mostKey, n, makeStandardSecret)
	}
	return key, nil
}

const makeStandardSecret = "make one with `echo whsec_$(openssl rand -base64 32)`, and name its file in UP42_FORWARD_SECRET_FILE"

// addStandard signs an event. The signature also covers the time, so each attempt has
// another one.
func (v *Envelope) addStandard(h http.Header, e *receiver.Event, at time.Time) {
	id, seconds := HeaderKey(e), strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, v.standardKey)
	mac.Write([]byte(id + "." + seconds + "."))
	mac.Write(e.Raw)
	h.Set(StandardIDHeader, id)
	h.Set(StandardTimeHeader, seconds)
	h.Set(StandardSignatureHeader, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// HeaderKey returns the event's [Key] for a header: percent-encoded where it has other
// characters than letters, digits, "-", "_" and "~". It has no dot, because that would let
// the text that Standard Webhooks sign be divided in another way.
func HeaderKey(e *receiver.Event) string {
	return percentEncode(Key(e), func(c byte) bool {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '~'
	})
}

// percentEncode encodes the bytes that are not allowed.
func percentEncode(s string, allowed func(byte) bool) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; allowed(c) {
			b.WriteByte(c)
		} else {
			b.WriteString(string([]byte{'%', digits[c>>4], digits[c&15]}))
		}
	}
	return b.String()
}
