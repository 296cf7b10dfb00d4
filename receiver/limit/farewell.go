package limit

import (
	"io"
	"net"
	"sync"
	"time"
)

// farewells send a last answer to connections that are not served, and read what they
// still send for a moment: a connection that is closed with unread bytes is reset, and
// its sender may never see the answer.
type farewells struct {
	max    int
	closed func() // is called for each connection that was taken over, once it is closed

	mu    sync.Mutex
	open  map[net.Conn]struct{}
	ended bool
	done  sync.WaitGroup
}

// say answers a connection and closes it a moment later. It does not block.
func (f *farewells) say(c net.Conn, answer []byte) {
	send(c, answer)
	f.take(c, func() {})
}

// waitAndSay is say for a connection without a request. If one comes after all, it is
// answered.
func (f *farewells) waitAndSay(c net.Conn, answer []byte) {
	f.take(c, func() {
		var first [1]byte
		if n, _ := c.Read(first[:]); n > 0 {
			send(c, answer)
		}
	})
}

// send sends an answer, which fits into the system's buffer, or there is no hope. On a busy
// machine a deadline may be over before the first try.
func send(c net.Conn, answer []byte) {
	if _, ok := writeNow(c, answer); !ok {
		_ = c.SetWriteDeadline(time.Now().Add(5 * time.Millisecond))
		_, _ = c.Write(answer)
	}
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

// take takes over the connection, calls first, and closes the connection once the other
// end has done so or the time is over.
func (f *farewells) take(c net.Conn, first func()) {
	_ = c.SetReadDeadline(time.Now()) // wakes a reader, which then leaves
	f.mu.Lock()
	if f.ended || len(f.open) >= f.max {
		f.mu.Unlock()
		f.silently(c)
		return
	}
	defer f.mu.Unlock()
	if f.open == nil {
		f.open = map[net.Conn]struct{}{}
	}
	f.open[c] = struct{}{}
	f.done.Go(func() {
		_ = c.SetReadDeadline(time.Now().Add(closingTime))
		first()
		var buf [1024]byte
		_, _ = io.CopyBuffer(struct{ io.Writer }{io.Discard}, io.LimitReader(c, closingBytes), buf[:])
		f.close(c)
		f.mu.Lock()
		delete(f.open, c)
		f.mu.Unlock()
	})
}

// silently closes a connection. It does not block, except after the end, which waits for
// no goroutine that starts later.
func (f *farewells) silently(c net.Conn) {
	f.mu.Lock()
	ended := f.ended
	if !ended {
		f.done.Go(func() { f.close(c) })
	}
	f.mu.Unlock()
	if ended {
		f.close(c)
	}
}

// close closes a connection. It waits for readers.
func (f *farewells) close(c net.Conn) {
	_ = c.Close()
	f.closed()
}

// end closes all connections and waits for that.
func (f *farewells) end() {
	f.mu.Lock()
	f.ended = true
	for c := range f.open {
		_ = c.Close()
	}
	f.mu.Unlock()
	f.done.Wait()
}
