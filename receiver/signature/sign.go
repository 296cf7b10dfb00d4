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

// DefaultComponents are the headers that Sign covers where it is not told
// otherwise: enough for the verdict "verified".
func DefaultComponents() []string { return []string{"date", "digest"} }

// Sign signs a request as UP42 does and is the inverse of Verify: it sets
// Signature-Input and Signature in r.Header. Nil components are
// DefaultComponents. A covered Date, Digest, Content-Digest or Content-Length
// that is not in r.Header yet is set first, from created and r.Body; what is
// there is signed as it is, right or wrong.
//
// An error wraps the [Reason] for which Verify would refuse the result, and
// leaves both signature headers as they were.
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
	complete(r, components, created)
	before := r.Header["Signature-Input"]
	// A component that is a header name needs no escape in a quoted string. It
	// is set first because it may be covered itself.
	r.Header.Set("Signature-Input", Label+`=("`+strings.Join(components, `" "`)+`");created=`+seconds)
	signed, faulty, err := appendCovered(nil, r, components)
	if err != nil {
		if r.Header["Signature-Input"] = before; before == nil {
			delete(r.Header, "Signature-Input")
		}
		return fmt.Errorf("sign: component %q: %w", faulty, err)
	}
	r.Header.Set("Signature", Label+"="+base64.StdEncoding.EncodeToString(mac(secret, signed)))
	return nil
}

// complete sets the covered headers that follow from the rest of the request.
func complete(r Request, components []string, created time.Time) {
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
