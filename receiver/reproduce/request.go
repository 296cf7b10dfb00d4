// Package reproduce writes a stored delivery as the HTTP request that it was, and as a command
// that sends it again.
package reproduce

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Request returns the HTTP request that a delivery was, as far as it is stored: without
// the query and without headers that hold passwords. Its body is as it came, without the
// chunked coding. Its bytes come from outside: clean them before a terminal gets them.
func Request(e *receiver.Event) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\n", method(e), target(e))
	for _, h := range e.Headers {
		fmt.Fprintf(&b, "%s: %s\r\n", h.Name, h.Value)
	}
	b.WriteString("\r\n")
	b.Write(e.Raw)
	return b.Bytes()
}

func method(e *receiver.Event) string { return cmp.Or(e.Proof.Method, "POST") }

func target(e *receiver.Event) string {
	return (&url.URL{Path: cmp.Or(e.Proof.Path, receiver.DefaultPath)}).RequestURI()
}

// Lacks says in sentences what the request lacks.
func Lacks(e *receiver.Event) []string {
	notes := []string{"Authorization and Cookie are never stored: if the request had them, they are missing here"}
	_, known := length(e)
	switch {
	case len(e.Headers) == 0:
		notes = append(notes, "its headers are not kept: too many deliveries were rejected at once")
	case !known:
		notes = append(notes, "it came without a length, in chunks: here everything after the headers is the body")
	case isCut(e):
		whole, _ := length(e)
		notes = append(notes, fmt.Sprintf("its body had %d bytes, of which the first %d are kept: it was cut, so it can't be admitted", whole, len(e.Raw)))
	}
	return notes
}

// length returns how many bytes the body had when it came.
func length(e *receiver.Event) (n int, ok bool) {
	for _, h := range e.Headers {
		if h.Name == "Content-Length" {
			n, err := strconv.Atoi(h.Value)
			return n, err == nil
		}
	}
	return 0, false
}

// isCut reports whether only the start of the body is kept.
func isCut(e *receiver.Event) bool {
	whole, ok := length(e)
	return ok && whole > len(e.Raw) && e.Verdict == receiver.Rejected
}

// JudgeBy is the time by which the program's command verify judges the request as of its
// arrival, for its flag --now.
func JudgeBy(e *receiver.Event) string { return e.ReceivedAt.UTC().Format(time.RFC3339Nano) }
