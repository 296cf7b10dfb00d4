// Package capture reads an HTTP request that was saved in a file, such as a proxy's
// log or a recorded connection.
//
// It accepts what often happens to requests in files: line feeds as line ends, no
// length, chunks that were joined, a line end after the body, the names of HTTP/2.
// [Request.Notes] lists these changes. Everything else stays as it is, for a receiver to
// judge.
package capture

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/client/secretcheck"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/number"
)

// Request is a captured request.
type Request struct {
	// Wire is the request as a receiver gets it. If there are no notes, it is the capture.
	Wire   []byte
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

	unix bool   // all header lines end in line feeds
	end  string // the empty line after the header lines
}

// Parse reads a request. Its errors contain text of the request: clean them before
// you print them to a terminal.
func Parse(raw []byte) (*Request, error) {
	r := &Request{}
	head, body, err := r.split(raw)
	if err != nil {
		return nil, err
	}
	if head, err = r.oldNames(head); err != nil {
		return nil, err
	}
	h, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.Join(lines(head), "\r\n") + "\r\n\r\n")))
	if err != nil {
		return nil, fmt.Errorf("this is not an HTTP request: %w", err)
	}
	block := []byte(strings.Join(lines(head[1:]), "\n"))
	r.Method, r.Header, r.Host = h.Method, h.Header, h.Host
	r.Folded, r.Repeated = signature.Folded(block), signature.Repeated(block)
	if count(head, "Transfer-Encoding") > 0 && !h.ProtoAtLeast(1, 1) {
		r.Flaw = "it has a Transfer-Encoding, which HTTP/1.0 does not have"
	}
	wire := r.setBody(h, count(head, "Content-Length") > 0, body)
	if wire.chunked && count(head, "Transfer-Encoding") == 0 {
		head[0] = oldVersion.ReplaceAllString(head[0], " HTTP/1.1$1")
		head = append(head, "Transfer-Encoding: chunked\r\n")
	}
	r.Wire = slices.Concat([]byte(strings.Join(head, "")), []byte(r.end), wire.body)
	return r, nil
}

// newerVersion matches the protocol of HTTP/2 and HTTP/3. Some tools print their
// requests in the form of HTTP/1.1, with this protocol in the first line. oldVersion
// matches one that has no chunks.
var (
	newerVersion = regexp.MustCompile(` HTTP/[23](\.0)?(\r?\n)$`)
	oldVersion   = regexp.MustCompile(` HTTP/1\.0(\r?\n)$`)
)

// split returns the lines of the header block, with their ends, and the body. If all of
// them end in line feeds only, the tool that wrote the file has probably changed them.
func (r *Request) split(raw []byte) (head []string, body []byte, err error) {
	if secretcheck.IsUTF16(raw) {
		return nil, nil, errors.New("the input is UTF-16, as PowerShell writes it with >: save the bytes as they are")
	}
	rest := bytes.TrimPrefix(raw, []byte("\ufeff"))
	rest = bytes.TrimLeft(rest, "\r\n") // RFC 9112 §2.2
	if len(rest) == 0 {
		return nil, nil, errors.New("there is no request: the input is empty")
	}
	for {
		line, more, found := bytes.Cut(rest, []byte("\n"))
		if !found {
			return nil, nil, errors.New("this is not a whole HTTP request: no empty line ends its headers")
		}
		rest = more
		head = append(head, string(line)+"\n")
		if len(bytes.TrimSuffix(line, []byte("\r"))) == 0 {
			break
		}
	}
	windows := slices.IndexFunc(head, func(line string) bool { return strings.HasSuffix(line, "\r\n") })
	unix := slices.IndexFunc(head, func(line string) bool { return !strings.HasSuffix(line, "\r\n") })
	last := len(head) - 1
	switch {
	case windows < 0:
		r.unix = true
		r.note("the header lines end in line feeds: that is taken for a change by the tool that wrote the file. A receiver that gets them like that rejects signed headers")
		for i, line := range head {
			head[i] = strings.TrimSuffix(line, "\n") + "\r\n"
		}
	case unix >= 0:
		r.note("some header lines end in line feeds, without carriage returns; a receiver rejects that in signed headers")
	}
	r.end = head[last]
	return head[:last], rest, nil
}

// lines returns lines without their ends.
func lines(head []string) []string {
	out := make([]string, len(head))
	for i, line := range head {
		out[i] = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	}
	return out
}

// oldNames returns the header lines of a request of HTTP/2 as HTTP/1.1 has them. A request
// of HTTP/1.1 stays as it is.
func (r *Request) oldNames(head []string) ([]string, error) {
	pseudo := map[string]string{}
	out := slices.DeleteFunc(slices.Clone(head), func(line string) bool {
		name, value, found := strings.Cut(strings.TrimPrefix(line, ":"), ":")
		if line[0] != ':' || !found {
			return false
		}
		pseudo[name] = strings.TrimSpace(value)
		return true
	})
	if len(pseudo) > 0 {
		r.note("the names of HTTP/2 (:authority and others) are read as those of HTTP/1.1")
		hasLine := len(out) > 0 && strings.Contains(out[0], " HTTP/")
		if !hasLine && pseudo["method"] != "" && pseudo["path"] != "" {
			out = slices.Insert(out, 0, pseudo["method"]+" "+pseudo["path"]+" HTTP/1.1\r\n")
		}
		if len(out) == 0 {
			return nil, errors.New("this is not an HTTP request: it has no method and no path")
		}
		if host := pseudo["authority"]; host != "" && count(out, "Host") == 0 {
			out = slices.Insert(out, 1, "Host: "+host+"\r\n")
		}
	}
	if first := newerVersion.ReplaceAllString(out[0], " HTTP/1.1$2"); first != out[0] {
		r.note("the protocol in the first line is read as HTTP/1.1")
		out[0] = first
	}
	return out, nil
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

// wireBody is a body as a receiver gets it.
type wireBody struct {
	body    []byte
	chunked bool
}

// setBody sets the body, or the flaw of the request.
func (r *Request) setBody(h *http.Request, hasLength bool, rest []byte) wireBody {
	r.Body = rest
	switch chunked := len(h.TransferEncoding) > 0; {
	case chunked && hasLength:
		r.Flaw = "it has both Transfer-Encoding and Content-Length"
	case chunked:
		return r.setChunks(rest)
	case hasLength:
		return r.setLength(h.ContentLength, rest)
	case len(rest) > 0 && r.Flaw == "":
		r.note("there is no Content-Length: everything after the headers is the body (%s)", cli.Count(len(rest), "byte"))
		return wireBody{inChunks(rest), true}
	}
	return wireBody{body: rest}
}

// setChunks sets a body that is said to be in chunks.
func (r *Request) setChunks(rest []byte) wireBody {
	body, err := unchunk(rest)
	switch {
	case err == nil && r.unix:
		r.Body = body
		return wireBody{body: inChunks(body)}
	case err == nil:
		r.Body = body
	case bytes.HasPrefix(bytes.TrimLeft(rest, " \r\n\t"), []byte("{")):
		r.note("its body is not in chunks, although Transfer-Encoding says so: the tool that wrote the file has joined them (%s)", cli.Count(len(rest), "byte"))
		return wireBody{body: inChunks(rest)}
	default:
		r.Flaw = err.Error()
	}
	return wireBody{body: rest}
}

// setLength sets a body that has a Content-Length.
func (r *Request) setLength(length int64, rest []byte) wireBody {
	have := int64(len(rest))
	switch {
	case have < length:
		r.Flaw = fmt.Sprintf("Content-Length says %d, but the body has only %s", length, cli.Count(len(rest), "byte"))
	case have > length:
		if len(bytes.Trim(rest[length:], "\r\n")) == 0 {
			r.note("line ends after the body are left out")
		} else {
			r.note("Content-Length says %d, but %d %s the headers: the others are not a part of the request", length, have, number.Plural(have, "byte follows", "bytes follow"))
		}
		r.Body = rest[:length]
	}
	return wireBody{body: r.Body}
}
