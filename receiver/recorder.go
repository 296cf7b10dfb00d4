package receiver

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"sync"

	"github.com/up42/up42-webhooks/receiver/limit"
)

// maxHeader is the largest header block that a Server reads, in bytes.
const maxHeader = 32 << 10

// maxLines is how many header lines a Server reads. Each of them costs net/http much more
// memory than its bytes.
const maxLines = 256

// maxKept is the largest block whose memory is kept for the next request.
const maxKept = 4 << 10

// errLines ends a request with too many header lines. net/http answers it 400.
const errLines Error = "too many header lines"

// maxRecord is more than net/http reads of a header block before it refuses it.
const maxRecord = maxHeader + 8<<10

// recorder is a connection that keeps the header block of the current request as it
// came. A handler needs it because net/http drops the Content-Length of a chunked
// request, joins folded header lines and merges equal lengths before the handler sees
// the request.
type recorder struct {
	*limit.Conn
	onLimit func(limit.Limit, string)

	mu    sync.Mutex
	block []byte // empty if the block is too long
	whole bool
	lines int // of block

	// begun counts requests that began, handled those that came to the handler. Only
	// the server's goroutine of this connection uses them.
	begun, handled int
	// unread says that the body of the current request is not read to its end, so that
	// the connection is closed after the answer. Only the handler's goroutine uses it.
	unread bool
}

func (c *recorder) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 && !c.record(p[:n]) {
		c.onLimit(limit.HeaderLines, c.RemoteAddr().String())
		return 0, errLines
	}
	return n, err
}

// record returns false if the block has too many lines.
func (c *recorder) record(p []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.whole {
		return true
	}
	if len(c.block) == 0 {
		p = bytes.TrimLeft(p, "\r\n") // an old client sends them after a body: RFC 9112 §2.2
	}
	before := len(c.block)
	from := max(0, before-3)
	c.block = append(c.block, p...)
	if i := bytes.Index(c.block[from:], []byte("\r\n\r\n")); i >= 0 {
		c.block, c.whole = c.block[:from+i+2], true
	} else if len(c.block) > maxRecord {
		c.block, c.whole = c.block[:0], true
	}
	c.lines += bytes.Count(c.block[min(before, len(c.block)):], []byte("\n"))
	return c.lines <= maxLines
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
	if c.whole, c.lines = false, 0; cap(c.block) > maxKept {
		c.block = nil
	}
	c.block = c.block[:0]
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
	rec := recorderOf(r)
	if rec == nil {
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

// recorderOf returns the connection of a request, nil if it did not come through a
// [Server].
func recorderOf(r *http.Request) *recorder {
	rec, _ := r.Context().Value(recorderKey{}).(*recorder)
	return rec
}
