package receiver

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"sync"
)

// maxHeader is the largest header block that a Server reads, in bytes.
const maxHeader = 32 << 10

// maxRecord is more than net/http reads of a header block before it refuses it.
const maxRecord = maxHeader + 8<<10

// recorder is a connection that keeps the header block of the current request as it
// came. A handler needs it because net/http drops the Content-Length of a chunked
// request, joins folded header lines and merges equal lengths before the handler sees
// the request.
type recorder struct {
	net.Conn
	mu    sync.Mutex
	block []byte // empty if the block is too long
	whole bool

	// begun counts requests that began, handled those that came to the handler. Only
	// the server's goroutine of this connection uses them.
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
	if len(c.block) == 0 {
		p = bytes.TrimLeft(p, "\r\n") // an old client sends them after a body: RFC 9112 §2.2
	}
	from := max(0, len(c.block)-3)
	c.block = append(c.block, p...)
	if i := bytes.Index(c.block[from:], []byte("\r\n\r\n")); i >= 0 {
		c.block, c.whole = c.block[:from+i+2], true
	} else if len(c.block) > maxRecord {
		c.block, c.whole = c.block[:0], true
	}
}

// reset forgets the current request, so that the next bytes start the next block.
//
// It must run before net/http reads the next request. net/http reads at most one byte
// of that before the answer is sent. If a client does not wait for the answer, that
// byte is lost here, the block does not fit its request, and its signature or its
// chunked body is rejected. The rest of an unread body must not be read after this;
// see closeIfUnread.
func (c *recorder) reset() {
	c.mu.Lock()
	c.block, c.whole = c.block[:0], false
	c.mu.Unlock()
}

func (c *recorder) framing(r *http.Request) framing {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.whole {
		return framing{}
	}
	return framingOf(r, c.block)
}

// recordedFraming returns the framing of a request; ok is false if the request did not
// come through a [Server], so that nothing was recorded.
func recordedFraming(r *http.Request) (f framing, ok bool) {
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

// resettingHandler calls h and resets the recorder after each request.
func resettingHandler(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rec, ok := r.Context().Value(recorderKey{}).(*recorder); ok {
			rec.handled++
			defer rec.reset()
		}
		h.ServeHTTP(w, r)
	})
}

// recordingListener makes each connection that it accepts a recorder.
type recordingListener struct{ net.Listener }

func (l recordingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &recorder{Conn: c}, nil
}
