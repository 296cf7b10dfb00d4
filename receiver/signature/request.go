package signature

import (
	"bytes"
	"net/http"
	"net/textproto"
	"strings"
)

// Request is the part of an HTTP request that signatures are about.
type Request struct {
	// Header has canonical keys, as net/http makes them. Verify only reads it.
	// A server of net/http leaves Content-Length in it, but drops it from a
	// chunked request, as it does Transfer-Encoding and Trailer: covered, they
	// are then missing.
	Header http.Header
	// Host is the component "host", which net/http takes out of Header.
	Host string
	// Body is the raw body, byte for byte as it came.
	Body []byte
	// Folded are the headers, by canonical name, whose value went on in a second
	// line: net/http joins those. A covered one is refused. See [Folded].
	Folded map[string]bool
	// Repeated are the headers, by canonical name, that occur several times
	// though Header has one value: net/http merges equal lengths. A covered one is
	// refused. See [Repeated].
	Repeated map[string]bool
	// Unseen: nobody saw the header block as it came, so that any header may have
	// been folded. None that is covered is taken then.
	Unseen bool
}

// value is the trimmed first value of the header that a component names, and n
// how many it has.
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

// appendCanonical does what textproto.CanonicalMIMEHeaderKey does to a name in
// lower case, without allocating.
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

// Folded finds the headers, by canonical name, that go on in a second line of a
// raw header block, which is without its request line; nil: none does.
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

// Repeated finds the headers that net/http would merge, by canonical name, in a
// raw header block, which is without its request line; nil: there are none.
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
