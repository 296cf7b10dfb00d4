// Package capture reads an HTTP request that was saved in a file, such as a proxy's
// log or a recorded connection.
//
// It accepts what often happens to requests in files: line feeds as line ends, no
// length, a line end after the body. [Request.Notes] lists these changes. What a
// receiver must not accept is a [Request.Flaw].
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
	// Header has canonical keys. It has no Host; that is in Host.
	Header http.Header
	Host   string
	// Body is the body without the chunked coding.
	Body []byte
	// Folded has the headers that continue on a second line, by canonical name.
	Folded map[string]bool
	// Repeated has the headers that occur more than once, by canonical name.
	// net/http merges them.
	Repeated map[string]bool
	// Flaw says why a receiver can't tell where the body ends, or would wait for more
	// of it. Empty if it can tell.
	Flaw string
	// Notes lists the changes that were accepted.
	Notes []string
}

// Parse reads a request. Its errors contain text of the request: clean them before
// you print them to a terminal.
func Parse(raw []byte) (*Request, error) {
	head, body, lf, err := split(raw)
	if err != nil {
		return nil, err
	}
	head[0] = newerVersion.ReplaceAllString(head[0], " HTTP/1.1")
	h, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.Join(head, "\r\n") + "\r\n\r\n")))
	if err != nil {
		return nil, fmt.Errorf("this is not an HTTP request: %w", err)
	}
	block := []byte(strings.Join(head[1:], "\n"))
	r := &Request{
		Method: h.Method, Header: h.Header, Host: h.Host,
		Folded: signature.Folded(block), Repeated: signature.Repeated(block),
	}
	if lf {
		r.note("the header lines end in line feeds, without carriage returns; a receiver rejects that in signed headers")
	}
	if count(head, "Transfer-Encoding") > 0 && !h.ProtoAtLeast(1, 1) {
		r.Flaw = "it has a Transfer-Encoding, which HTTP/1.0 does not have"
	}
	r.setBody(h, count(head, "Content-Length") > 0, body)
	return r, nil
}

// newerVersion matches the protocol of HTTP/2 and HTTP/3. Some tools print their
// requests in the form of HTTP/1.1, with this protocol in the first line.
var newerVersion = regexp.MustCompile(` HTTP/[23](\.0)?$`)

// split returns the lines of the header block and the body. lf reports that lines end
// in line feeds only.
func split(raw []byte) (head []string, body []byte, lf bool, err error) {
	rest := bytes.TrimPrefix(raw, []byte("\ufeff"))
	rest = bytes.TrimLeft(rest, "\r\n") // RFC 9112 §2.2
	if len(rest) == 0 {
		return nil, nil, false, errors.New("there is no request: the input is empty")
	}
	for {
		line, more, found := bytes.Cut(rest, []byte("\n"))
		if !found {
			return nil, nil, false, errors.New("this is not a whole HTTP request: no empty line ends its headers")
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

// count returns how many lines have a header's name.
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

// setBody sets the body, or the flaw of the request.
func (r *Request) setBody(h *http.Request, hasLength bool, rest []byte) {
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
		r.setLength(h.ContentLength, rest)
	case len(rest) > 0:
		r.note("there is no Content-Length: everything after the headers is the body (%d bytes)", len(rest))
	}
}

// setLength sets a body that has a Content-Length.
func (r *Request) setLength(length int64, rest []byte) {
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
