package receiver

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"sync"
)

// A request with both Transfer-Encoding and Content-Length means different
// things to different programs on its way, and is refused (wire.md §3). Go
// drops the length before a handler sees it, so the connection keeps the header
// block of the request in flight for the handler to look at.

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
// already: a client that does not wait has its chunked requests refused.
func (c *recorder) next() {
	c.mu.Lock()
	c.header, c.whole = c.header[:0], false
	c.mu.Unlock()
}

// hasLength says whether the recorded header block is that of r and names a
// Content-Length; ok is false where it is not r's.
func (c *recorder) hasLength(r *http.Request) (has, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	line, rest, found := bytes.Cut(c.header, []byte("\r\n"))
	if !found || !c.whole || string(line) != r.Method+" "+r.RequestURI+" "+r.Proto {
		return false, false
	}
	for len(rest) > 0 {
		line, rest, _ = bytes.Cut(rest, []byte("\r\n"))
		name, _, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			return true, true
		}
	}
	return false, true
}

type recorderKey struct{}

func withRecorder(ctx context.Context, c net.Conn) context.Context {
	if rec, ok := c.(*recorder); ok {
		return context.WithValue(ctx, recorderKey{}, rec)
	}
	return ctx
}

// ambiguousLength says whether a chunked request also names a length, or can't
// be shown not to. Outside a [Server] there is no telling: there it is false.
func ambiguousLength(r *http.Request) bool {
	if len(r.TransferEncoding) == 0 {
		return false
	}
	rec, ok := r.Context().Value(recorderKey{}).(*recorder)
	if !ok {
		return false
	}
	has, known := rec.hasLength(r)
	return has || !known
}

// recording serves h and starts a new record after each request.
func recording(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rec, ok := r.Context().Value(recorderKey{}).(*recorder); ok {
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
