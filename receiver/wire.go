package receiver

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"sync"

	"github.com/up42/up42-webhooks/receiver/signature"
)

// What wire.md §3 has refused is gone before a handler sees a request: net/http
// drops the Content-Length of a chunked request, which means different things to
// different programs on its way, joins folded header lines and merges equal
// lengths. So the connection keeps the header block of the request in flight for
// the handler to look at.

// maxHeader is the largest header block that a Server reads, in bytes.
const maxHeader = 32 << 10

// maxRecord is more than the server reads of a header block before it refuses.
const maxRecord = maxHeader + 8<<10

// recorder is a connection that keeps the newest header block. It is empty
// where the block was too long.
type recorder struct {
	net.Conn
	mu     sync.Mutex
	header []byte
	whole  bool

	// Requests that were begun, and those that came to the handler. The server's
	// goroutine of the connection writes both.
	begun, handled int
}

func (c *recorder) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.record(p[:n])
	}
	return n, err
}

func (c *recorder) record(p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.whole {
		return
	}
	if len(c.header) == 0 {
		p = bytes.TrimLeft(p, "\r\n") // an old client's, after the body before: RFC 9112 §2.2
	}
	from := max(0, len(c.header)-3)
	c.header = append(c.header, p...)
	if i := bytes.Index(c.header[from:], []byte("\r\n\r\n")); i >= 0 {
		c.header, c.whole = c.header[:from+i+2], true
	} else if len(c.header) > maxRecord {
		c.header, c.whole = c.header[:0], true
	}
}

// next forgets the request in flight. The server reads no byte of the one
// after it before the answer is out, but for one, which it may have in hand
// already: a client that does not wait has its signed and its chunked requests
// refused. It reads no byte of a body either, once the handler is done: see
// leaveUnread.
func (c *recorder) next() {
	c.mu.Lock()
	c.header, c.whole = c.header[:0], false
	c.mu.Unlock()
}

// framing is what a header block says of itself.
type framing struct {
	// known: it is the block of the request asked for, and each of its lines
	// ends as it should. Programs differ in what else they take for a line's end.
	known bool
	// length: it names a Content-Length, coded: a Transfer-Encoding.
	length, coded bool
	// folded are the headers whose value goes on in a second line, repeated those
	// that net/http has merged.
	folded, repeated map[string]bool
}

func (c *recorder) framing(r *http.Request) (f framing) {
	c.mu.Lock()
	defer c.mu.Unlock()
	line, rest, found := bytes.Cut(c.header, []byte("\r\n"))
	if !found || !c.whole || string(line) != r.Method+" "+r.RequestURI+" "+r.Proto {
		return framing{}
	}
	f = framing{known: true, folded: signature.Folded(rest)}
	for len(rest) > 0 {
		line, rest, _ = bytes.Cut(rest, []byte("\r\n"))
		if bytes.ContainsAny(line, "\r\n") {
			f.known = false
		}
		name, _, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if f.length {
				f.repeated = map[string]bool{"Content-Length": true}
			}
			f.length = true
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			f.coded = true
		}
	}
	return f
}

// framingOf is known only of a request that a [Server] took in.
func framingOf(r *http.Request) (f framing, ok bool) {
	rec, ok := r.Context().Value(recorderKey{}).(*recorder)
	if !ok {
		return framing{}, false
	}
	return rec.framing(r), true
}

type recorderKey struct{}

func withRecorder(ctx context.Context, c net.Conn) context.Context {
	if rec, ok := c.(*recorder); ok {
		return context.WithValue(ctx, recorderKey{}, rec)
	}
	return ctx
}

// ambiguous says whether a request that is coded also names a length, or can't be
// shown not to. Outside a [Server] there is no telling: there it is false. In
// HTTP/1.0 there are no codings, and net/http passes over one; what is in front of
// it may not.
func ambiguous(r *http.Request, f framing, recorded bool) bool {
	coded := f.coded || len(r.TransferEncoding) > 0
	return recorded && coded && (f.length || !f.known || !r.ProtoAtLeast(1, 1))
}

// recording serves h and starts a new record after each request.
func recording(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rec, ok := r.Context().Value(recorderKey{}).(*recorder); ok {
			rec.handled++
			defer rec.next()
		}
		h.ServeHTTP(w, r)
	})
}

// recordingListener makes recorders of the connections that it accepts.
type recordingListener struct{ net.Listener }

func (l recordingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &recorder{Conn: c}, nil
}
