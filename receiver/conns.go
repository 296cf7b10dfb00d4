package receiver

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// patience is how long a sender that is in the middle of a request may take to
// finish it once the server ends.
const patience = time.Second

// conns are a server's connections, so that its end does not wait for those
// that send nothing.
type conns struct {
	mu     sync.Mutex
	open   map[net.Conn]http.ConnState
	ending bool

	// refused is told of each request that net/http refused by itself: what is
	// no HTTP, or is too long, or never ends.
	refused func()
}

// note is the server's ConnState hook.
func (c *conns) note(conn net.Conn, state http.ConnState) {
	rec, _ := conn.(*recorder)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateActive:
		rec.begun++
		c.open[conn] = state
		if c.ending {
			c.hurry(conn)
		}
	case http.StateClosed, http.StateHijacked:
		delete(c.open, conn)
		if rec.begun > rec.handled {
			c.refused()
		}
	default:
		c.open[conn] = state
		if c.ending && state == http.StateNew {
			_ = conn.Close()
		}
	}
}

// end cuts off connections on which nothing has come yet, and gives the others
// a little time to finish what they have begun. A delivery that is cut off was
// not acknowledged: its sender sends it again.
func (c *conns) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ending = true
	for conn, state := range c.open {
		if state == http.StateNew {
			_ = conn.Close()
		} else {
			c.hurry(conn)
		}
	}
}

func (c *conns) hurry(conn net.Conn) { _ = conn.SetReadDeadline(time.Now().Add(patience)) }
