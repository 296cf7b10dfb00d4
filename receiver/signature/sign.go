package signature

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// DefaultComponents returns the components that Sign covers if it gets none. They cover
// the body, so a receiver's verdict is "verified".
func DefaultComponents() []string { return []string{"date", "digest"} }

// Sign signs a request as UP42 does; it is the inverse of Verify. It sets
// Signature-Input and Signature in r.Header. If components is nil, it covers
// DefaultComponents. If a covered Date, Digest, Content-Digest or Content-Length is not
// in r.Header, Sign first sets it from created and r.Body; otherwise Sign covers the
// value that is there, even a wrong one.
//
// An error wraps the [Reason] for which Verify would reject the result. Then both
// signature headers are as before.
func Sign(r Request, secret string, components []string, created time.Time) error {
	if secret == "" {
		return fmt.Errorf("sign: %w", NoSecret)
	}
	if components == nil {
		components = DefaultComponents()
	}
	in := input{components: components, created: created.Unix()}
	seconds := strconv.FormatInt(in.created, 10)
	if !in.readCreated(bare{kindInteger, seconds}) {
		return fmt.Errorf("sign: created %s: %w", seconds, MalformedSignatureInput)
	}
	if faulty, err := in.check(); err != nil {
		return fmt.Errorf("sign: component %q: %w", faulty, err)
	}
	setMissing(r, components, created)
	before := r.Header["Signature-Input"]
	// A header name needs no escapes in a quoted string. Signature-Input is set before the
	// signature is made, because it may be covered itself.
	r.Header.Set("Signature-Input", Label+`=("`+strings.Join(components, `" "`)+`");created=`+seconds)
	base, _, faulty, err := appendBase(nil, r, components, created)
	if err != nil {
		if r.Header["Signature-Input"] = before; before == nil {
			delete(r.Header, "Signature-Input")
		}
		return fmt.Errorf("sign: component %q: %w", faulty, err)
	}
	r.Header.Set("Signature", Label+"="+base64.StdEncoding.EncodeToString(mac(secret, base)))
	return nil
}

// setMissing sets covered headers that are missing and follow from the request.
func setMissing(r Request, components []string, created time.Time) {
	set := func(component, name string, value func() string) {
		if slices.Contains(components, component) && len(r.Header[name]) == 0 {
			r.Header.Set(name, value())
		}
	}
	b := body{raw: r.Body}
	sum := func() string { return base64.StdEncoding.EncodeToString(b.sum(algorithmSHA256)) }
	set("date", "Date", func() string { return created.UTC().Format(http.TimeFormat) })
	set("digest", "Digest", func() string { return "SHA-256=" + sum() })
	set("content-digest", "Content-Digest", func() string { return "sha-256=:" + sum() + ":" })
	set("content-length", "Content-Length", func() string { return strconv.Itoa(len(r.Body)) })
}
