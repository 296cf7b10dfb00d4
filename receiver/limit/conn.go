package limit

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Phase is what a connection does.
type Phase uint8

// The phases.
const (
	// Waiting: nothing of a request, or of the next one, has come.
	Waiting Phase = iota
	// Head: the beginning of a request has come. A Conn enters it by itself.
	Head
	// Busy: the server works on a request. The connection is not closed for others.
	Busy
	// Body: the server waits for the body of a request.
	Body
	// Answering: the other end has to read an answer. A Conn enters it by itself.
	Answering
	// Closing: the request is answered. What is left of its body is read for a moment,
	// so that the sender gets the answer, and then the connection is closed.
	Closing

	gone // closed for another connection
)

// Bounds of Closing.
const (
	closingBytes = 64 << 10
	closingTime  = time.Second
)

// Conn is a connection of a [Listener].
type Conn struct {
	net.Conn
	listener *Listener
	peer     netip.Addr  // guarded by the listener's mutex
	client   netip.Addr  // of a proxy, invalid without one; guarded likewise
	place    int         // among the listener's open connections, from 1; 0: it is not open; guarded likewise
	proxied  atomic.Bool // peer is the client of a proxy
	closing  sync.Once

	mu       sync.Mutex
	phase    Phase
	since    time.Time // of the phase
	fresh    bool      // no request has begun yet
	deadline time.Time // to read, as net/http set it
	finishBy time.Time // to read at the latest, once the listener ends; zero before
	writeBy  time.Time // to write at the latest, from the first write on after that; zero before
	onGone   func()    // may be nil
	owed     bool      // gone, and a request that still comes gets an answer
}

// Enter says what the connection does now. It returns false if the connection was closed
// for another one: then its sender has got an answer.
func (c *Conn) Enter(p Phase) bool {
	if p == Waiting && c.proxied.CompareAndSwap(true, false) {
		c.listener.setPeer(c, peerOf(addressOf(c.Conn)), netip.Addr{})
	}
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase == gone {
		return false
	}
	c.phase, c.since = p, now
	switch p {
	case Waiting:
	case Closing:
		c.setReadDeadline(now.Add(closingTime))
	default:
		c.fresh = false
	}
	return true
}

// Gone says whether the connection was closed for another one.
func (c *Conn) Gone() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.phase == gone
}

// OnGone sets what is called once the connection is closed for another one: at once if
// that has happened. The latest function counts. It must not block.
func (c *Conn) OnGone(f func()) {
	c.mu.Lock()
	c.onGone = f
	now := c.phase == gone
	c.mu.Unlock()
	if now {
		f()
	}
}

// Ending says that the connection's listener has ended: a request that is not complete is
// cut off after a short time.
func (c *Conn) Ending() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.finishBy.IsZero()
}

// Pressed is Pressed of the connection's listener.
func (c *Conn) Pressed() bool { return c.listener.Pressed() }

// LimitRead sets a deadline to read that is not later than the one that the server set.
// A zero time restores the server's.
func (c *Conn) LimitRead(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.deadline.IsZero() && (t.IsZero() || t.After(c.deadline)) {
		t = c.deadline
	}
	c.setReadDeadline(t)
}

// SetReadDeadline implements net.Conn. After the listener's end a deadline is not later
// than the time that a request then has.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline = t
	return c.setReadDeadline(t)
}

func (c *Conn) setReadDeadline(t time.Time) error {
	if c.phase == gone {
		return net.ErrClosed
	}
	if !c.finishBy.IsZero() && (t.IsZero() || t.After(c.finishBy)) {
		t = c.finishBy
	}
	return c.Conn.SetReadDeadline(t)
}

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) {
	if c.Gone() {
		return 0, net.ErrClosed
	}
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	is, owed := c.phase, c.owed
	if n > 0 {
		c.owed = false
		if is == Waiting {
			c.phase, c.since, c.fresh = Head, time.Now(), false
		}
	}
	c.mu.Unlock()
	if is != gone {
		return n, err
	}
	if n > 0 && owed { // the request crossed with the decision to close the connection
		send(c.Conn, c.listener.busy)
	}
	return 0, net.ErrClosed
}

// Write implements net.Conn. An answer that the system takes at once needs nobody who reads it:
// the connection is not Answering then, however long the machine takes for that.
func (c *Conn) Write(p []byte) (int, error) {
	if c.Gone() {
		return 0, net.ErrClosed
	}
	n, _ := writeNow(c.Conn, p)
	if n == len(p) {
		return n, nil
	}
	rest, err := c.writeAnswer(p[n:])
	return n + rest, err
}

// writeAnswer writes what the other end has to make room for.
func (c *Conn) writeAnswer(p []byte) (int, error) {
	c.mu.Lock()
	before, since := c.phase, c.since
	if before == gone {
		c.mu.Unlock()
		return 0, net.ErrClosed
	}
	if before != Body { // else it is “100 Continue”, and the answer has its own time
		c.phase, c.since = Answering, time.Now()
		if !c.finishBy.IsZero() {
			c.limitWrites(c.since.Add(c.listener.finishTime))
		}
	}
	c.mu.Unlock()
	n, err := c.Conn.Write(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.phase == Answering {
		c.phase, c.since = before, since
	}
	return n, err
}

// SetWriteDeadline implements net.Conn. After the listener's end a deadline is not later than
// the time that an answer then has.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.writeBy.IsZero() && (t.IsZero() || t.After(c.writeBy)) {
		t = c.writeBy
	}
	return c.Conn.SetWriteDeadline(t)
}

// limitWrites sets until when the other end may take answers, unless that is set already. The
// caller holds c.mu.
func (c *Conn) limitWrites(by time.Time) {
	if c.writeBy.IsZero() {
		c.writeBy = by
		_ = c.Conn.SetWriteDeadline(by)
	}
}

// CloseWrite tells the other end that no more comes.
func (c *Conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && !c.Gone() {
		return half.CloseWrite()
	}
	return nil
}

// Linger is called after the last answer: it tells the other end that no more comes, and
// then reads a part of what it still sends. It waits until the other end has closed the
// connection, for a moment. A connection that is closed at once with unread bytes is
// reset, and the answer may be lost.
func (c *Conn) Linger() {
	if !c.Enter(Closing) {
		return
	}
	over := time.NewTimer(closingTime)
	defer over.Stop()
	gone := make(chan struct{})
	c.OnGone(sync.OnceFunc(func() { close(gone) }))
	_ = c.CloseWrite()
	var buf [1024]byte
	for range closingBytes / len(buf) {
		if _, err := c.Read(buf[:]); err != nil {
			return
		}
	}
	select {
	case <-over.C:
	case <-gone:
	}
}

// Close implements net.Conn.
func (c *Conn) Close() (err error) {
	c.closing.Do(func() {
		if c.listener.release(c) {
			err = c.Conn.Close()
			c.listener.closed()
		}
	})
	return err
}

// SetPeer says for whom the connection works: its own other end, unless a proxy named a
// client. It holds until the connection is Waiting again.
func (c *Conn) SetPeer(address netip.Addr) {
	c.proxied.Store(true)
	c.listener.setPeer(c, peerOf(address), address)
}

// sender returns the address of the connection's client. The caller holds the listener's
// mutex.
func (c *Conn) sender() string {
	if c.client.IsValid() {
		return c.client.String()
	}
	return c.RemoteAddr().String()
}

// end is called once, when the listener ends.
func (c *Conn) end(finishBy time.Time) {
	c.mu.Lock()
	c.finishBy = finishBy
	idle := c.phase == Waiting && c.fresh
	if !idle {
		_ = c.setReadDeadline(c.deadline)
	}
	if c.phase == Answering { // perhaps the other end does not read
		c.limitWrites(finishBy)
	}
	c.mu.Unlock()
	if idle {
		_ = c.Close()
	}
}
