// Package capture reads an HTTP request from a file in which somebody kept it:
// a proxy's log, an editor's buffer, a recorded connection.
//
// It forgives what happens to requests in files (line feeds for line ends, a
// missing length, a line end after the body) and says so in [Request.Notes].
// What a receiver must not forgive is a [Request.Flaw].
package capture

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/up42/up42-webhooks/receiver/signature"
)

// Request is a captured request.
type Request struct {
	Method string
	// Header has canonical keys and no Host; Host is the host.
	Header http.Header
	Host   string
	// Body is the body as it was before it was chunked, if it was.
	Body []byte
	// Folded are the headers that go on in a second line, by canonical name.
	Folded map[string]bool
	// Repeated are the headers that net/http has merged, by canonical name.
	Repeated map[string]bool
	// Flaw says why a receiver could not tell where the body ends, or would
	// wait for more of it; "": it can.
	Flaw string
	// Notes say what was forgiven.
	Notes []string
}

// Parse reads a request. Its errors hold text of the request: clean them before
// they meet a terminal.
func Parse(raw []byte) (*Request, error) {
	head, body, lf, err := split(raw)
	if err != nil {
		return nil, err
	}
	head[0] = olderVersion.ReplaceAllString(head[0], " HTTP/1.1")
	h, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.Join(head, "\r\n") + "\r\n\r\n")))
	if err != nil {
		return nil, fmt.Errorf("this is no HTTP request: %w", err)
	}
	block := []byte(strings.Join(head[1:], "\n"))
	r := &Request{
		Method: h.Method, Header: h.Header, Host: h.Host,
		Folded: signature.Folded(block), Repeated: signature.Repeated(block),
	}
	if lf {
		r.note("the header lines end in line feeds, without carriage returns; a receiver refuses that where they are signed")
	}
	if count(head, "Transfer-Encoding") > 0 && !h.ProtoAtLeast(1, 1) {
		r.Flaw = "it has a Transfer-Encoding, which HTTP/1.0 has not"
	}
	r.takeBody(h, count(head, "Content-Length") > 0, body)
	return r, nil
}

// olderVersion is a protocol in the name of which some tools print requests
// that look like HTTP/1.1 otherwise.
var olderVersion = regexp.MustCompile(` HTTP/[23](\.0)?$`)

// split parts the lines of the header block from the body.
func split(raw []byte) (head []string, body []byte, lf bool, err error) {
	rest := bytes.TrimPrefix(raw, []byte("\ufeff"))
	rest = bytes.TrimLeft(rest, "\r\n") // RFC 9112 §2.2
	if len(rest) == 0 {
		return nil, nil, false, errors.New("there is no request: the input is empty")
	}
	for {
		line, more, found := bytes.Cut(rest, []byte("\n"))
		if !found {
			return nil, nil, false, errors.New("this is no whole HTTP request: no empty line ends its headers")
		}
		text, cr := bytes.CutSuffix(line, []byte("\r"))
		lf = lf || !cr
		rest = more
		if len(text) == 0 {
			return head, rest, lf, nil
		}
		head = append(head, string(text))
	}
}

func count(head []string, name string) (n int) {
	for _, line := range head[1:] {
		if key, _, _ := strings.Cut(line, ":"); strings.EqualFold(key, name) {
			n++
		}
	}
	return n
}

func (r *Request) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

func (r *Request) takeBody(h *http.Request, hasLength bool, rest []byte) {
	r.Body = rest
	switch chunked := len(h.TransferEncoding) > 0; {
	case chunked && hasLength:
		r.Flaw = "it has both Transfer-Encoding and Content-Length"
	case chunked:
		body, err := unchunk(rest)
		if err != nil {
			r.Flaw = err.Error()
			return
		}
		r.Body = body
	case hasLength:
		r.takeLength(h.ContentLength, rest)
	case len(rest) > 0:
		r.note("there is no Content-Length: all that follows the headers is taken for the body (%d bytes)", len(rest))
	}
}

func (r *Request) takeLength(length int64, rest []byte) {
	have := int64(len(rest))
	switch {
	case have < length:
		r.Flaw = fmt.Sprintf("Content-Length says %d, but only %d bytes of the body are there", length, have)
	case have > length && len(bytes.Trim(rest[length:], "\r\n")) == 0:
		r.note("line ends after the body are left out")
		r.Body = rest[:length]
	case have > length:
		r.Flaw = fmt.Sprintf("Content-Length says %d, but %d bytes follow the headers", length, have)
	}
}
