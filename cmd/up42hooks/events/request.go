package events

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"strconv"

	"github.com/up42/up42-webhooks/receiver"
)

// rawRequest returns the HTTP request that a delivery was, as far as it is stored: without
// the query and without headers that hold passwords. Its body is as it came, without the
// chunked coding.
func rawRequest(e *receiver.Event) []byte {
	var b bytes.Buffer
	target := (&url.URL{Path: cmp.Or(e.Proof.Path, receiver.DefaultPath)}).RequestURI()
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", cmp.Or(e.Proof.Method, "POST"), target)
	for _, h := range e.Headers {
		fmt.Fprintf(&b, "%s: %s\r\n", h.Name, h.Value)
	}
	b.WriteString("\r\n")
	b.Write(e.Raw)
	return b.Bytes()
}

// requestNotes says what the printed request lacks.
func requestNotes(e *receiver.Event) []string {
	notes := []string{"Authorization and Cookie are never stored: if the request had them, they are missing here"}
	length := ""
	for _, h := range e.Headers {
		if h.Name == "Content-Length" {
			length = h.Value
		}
	}
	whole, err := strconv.Atoi(length)
	switch {
	case len(e.Headers) == 0:
		notes = append(notes, "its headers are not kept: too many deliveries were rejected at once")
	case err != nil:
		notes = append(notes, "it came without a length, in chunks: here everything after the headers is the body")
	case whole > len(e.Raw) && e.Verdict == receiver.Rejected:
		notes = append(notes, fmt.Sprintf("its body had %d bytes, of which the first %d are kept: it was cut, so it can't be admitted", whole, len(e.Raw)))
	}
	return notes
}
