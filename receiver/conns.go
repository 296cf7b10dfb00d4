package receiver

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// finishTimeout is how long a sender may take to finish a request that it has begun
// when the server ends.
const finishTimeout = time.Second

// conns tracks the connections of a server, so that its end does not wait for
// connections that send nothing. It is safe for concurrent use.
type conns struct {
	mu     sync.Mutex
	open   map[net.Conn]http.ConnState
	ending bool

	// onRefused is called for each request that net/http refused by itself: it was
	// not HTTP, was too long or never ended.
	onRefused func()
}

// stateChanged is the server's ConnState hook.
func (c *conns) stateChanged(conn net.Conn, state http.ConnState) {
	rec, _ := conn.(*recorder)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateActive:
		rec.begun++
		c.open[conn] = state
		if c.ending {
			setFinishDeadline(conn)
		}
	case http.StateClosed, http.StateHijacked:
		delete(c.open, conn)
		if rec.begun > rec.handled {
			c.onRefused()
		}
	default:
		c.open[conn] = state
		if c.ending && state == http.StateNew {
			_ = conn.Close()
		}
	}
}

// end closes the connections that have sent nothing yet, and gives the others a short
// time to finish their request. A delivery that is cut off was not acknowledged, so
// its sender sends it again.
func (c *conns) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ending = true
	for conn, state := range c.open {
		if state == http.StateNew {
			_ = conn.Close()
		} else {
			setFinishDeadline(conn)
		}
	}
}

func setFinishDeadline(conn net.Conn) { _ = conn.SetReadDeadline(time.Now().Add(finishTimeout)) }
