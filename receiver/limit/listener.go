package limit

import (
	"cmp"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/receiver/errno"
)

// MaxClosing is the default of Options.Closing.
const MaxClosing = 256

// Options configure a Listener.
type Options struct {
	// Max is how many connections are open at a time. It is at least 1.
	Max int
	// Closing is how many more are told to go away at a time. Further ones are closed at
	// once. 0 means MaxClosing.
	Closing int
	// Busy is sent, as it is, to those that are refused or closed in the middle of a
	// request.
	Busy []byte
	// FinishTime is how long a request that has begun may take once the listener ends.
	FinishTime time.Duration
	// OnLimit is called for each limit that acts, with the address that it acts on. It
	// must not block.
	OnLimit func(limit Limit, peer string)
}

// Listener limits the connections of another listener. Its methods are safe for
// concurrent use, but for Accept.
type Listener struct {
	net.Listener
	max        int
	busy       []byte
	finishTime time.Duration
	onLimit    func(Limit, string)
	farewells  farewells
	began      time.Time
	pressed    atomic.Int64  // when the listener was last full, as a time since began; 0: never
	freed      chan struct{} // has a value after a connection was closed
	files      chan struct{} // has a value for each file that connections have open
	ended      chan struct{}
	// Only Accept uses these. rushed is since when connections have waited and there was no room
	// for most of them; zero if there is room.
	pace   pace
	rushed time.Time

	mu       sync.Mutex
	open     []*Conn            // each at its place
	peers    map[netip.Addr]int // how many of open each peer has
	refusing bool               // the last one was refused, and nothing was closed since
	finishBy time.Time          // zero before the end
}

// New makes a Listener of l.
func New(l net.Listener, o Options) *Listener {
	deferAccept(l)
	open, closing := max(o.Max, 1), cmp.Or(o.Closing, MaxClosing)
	limited := &Listener{
		Listener: l, began: time.Now(), max: open, busy: o.Busy, finishTime: o.FinishTime, onLimit: o.OnLimit,
		freed: make(chan struct{}, 1), files: make(chan struct{}, open+closing+1), ended: make(chan struct{}),
		peers: map[netip.Addr]int{}, pace: usualPace,
	}
	limited.farewells.max, limited.farewells.closed = closing, limited.closed
	return limited
}

// Fit returns how many connections may be open, and how many told to go away, so that
// they and one that waits have at most this many files. There may be no room for any.
func Fit(conns, files int) (open, closing int) {
	closing = max(1, min(MaxClosing, files/3))
	return max(0, min(conns, files-closing-1)), closing
}

// closed is called after the file of a connection was closed.
func (l *Listener) closed() { <-l.files }

// Open returns how many connections are open.
func (l *Listener) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}

// Pressed says that a new connection has had to make its place within the last second. A
// server should then close its connections after their next answers, so that all senders
// take turns: to close them later, while they are idle, can cross with the next request.
func (l *Listener) Pressed() bool {
	last := time.Duration(l.pressed.Load())
	return last > 0 && time.Since(l.began)-last < time.Second
}

// Accept returns the next connection. At the limit it closes another one, waits a moment
// for one that ends, or refuses the new one and goes on.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		inner, waited, err := l.accept()
		if err != nil {
			return nil, err
		}
		now := time.Now()
		if l.rushed.IsZero() || waited > quiet {
			l.rushed = now
		}
		c := &Conn{Conn: inner, listener: l, since: now, fresh: true, peer: peerOf(addressOf(inner))}
		ok := l.admit(c, l.patience(now.Sub(l.rushed)))
		if !l.Pressed() {
			l.rushed = time.Time{}
		}
		if ok {
			return c, nil
		}
		if !l.ending() {
			l.onLimit(Connections, inner.RemoteAddr().String())
		}
		l.farewells.say(inner, l.busy)
	}
}

// ending reports whether End was called: then no connection is refused for a limit.
func (l *Listener) ending() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.finishBy.IsZero()
}

// quiet is how long no connection comes if none waits any more. Less may be a machine that
// is busy.
const quiet = 20 * time.Millisecond

// accept returns the next connection of the system, and how long none came. It takes a file
// for it.
func (l *Listener) accept() (c net.Conn, waited time.Duration, err error) {
	select {
	case l.files <- struct{}{}:
	case <-l.ended:
		return nil, 0, net.ErrClosed
	}
	for {
		began := time.Now()
		c, err := l.Listener.Accept()
		if err == nil {
			return c, time.Since(began), nil
		}
		if !exhausted(err) {
			l.closed()
			return nil, 0, err
		}
		l.saveFile()
	}
}

// exhausted says whether the system has no file or memory for another connection now.
func exhausted(err error) bool {
	return errno.Is(err, syscall.EMFILE) || errno.Is(err, syscall.ENFILE) ||
		errno.Is(err, syscall.ENOBUFS) || errno.Is(err, syscall.ENOMEM)
}

// saveFile closes a connection that does nothing, and waits a moment.
func (l *Listener) saveFile() {
	const pause = 50 * time.Millisecond
	from, now := l.Addr().String(), time.Now()
	l.mu.Lock()
	victim, _ := l.first(now, false, func(*Conn) bool { return true })
	if victim != nil {
		if _, taken := victim.take(now); taken {
			l.remove(victim)
			from = victim.sender()
			l.farewells.silently(victim.Conn)
		}
	}
	l.mu.Unlock()
	l.onLimit(OpenFiles, from)
	select {
	case <-l.ended:
	case <-time.After(pause):
	}
}

// patience is how long a new connection waits for another one to end. If connections have
// come faster than others end for a while, most are refused at once, so that nobody
// waits long, and all take turns at the pace that is right for their number.
func (l *Listener) patience(rushed time.Duration) time.Duration {
	if rushed > time.Second {
		l.pace = paceOf(l.max)
		return l.pace.fresh + 5*time.Millisecond
	}
	l.pace = usualPace
	return 2 * usualPace.slow
}

// admit makes room for c. It returns false if it can't.
func (l *Listener) admit(c *Conn, patience time.Duration) bool {
	const poll = 5 * time.Millisecond // connections get old enough to be closed
	for until := c.since.Add(patience); ; {
		ok, wait := l.tryAdmit(c)
		if ok {
			return true
		}
		left := time.Until(until)
		if !wait || left <= 0 {
			l.mu.Lock()
			l.refusing = true
			l.mu.Unlock()
			return false
		}
		select {
		case <-l.freed:
		case <-l.ended:
			return false
		case <-time.After(min(left, poll)):
		}
	}
}

// tryAdmit admits c if there is room, or if another one gives way. wait says whether it
// is worth a second try. After the end nothing is admitted, and nothing gives way.
func (l *Listener) tryAdmit(c *Conn) (ok, wait bool) {
	l.mu.Lock()
	if !l.finishBy.IsZero() {
		l.mu.Unlock()
		return false, false
	}
	victim, was, limit := l.makeRoom(c, time.Now())
	if ok = len(l.open) < l.max; ok {
		l.add(c)
		l.refusing = false
	}
	wait = !l.refusing
	if victim == nil {
		l.mu.Unlock()
		return ok, wait
	}
	from := victim.sender()
	l.mu.Unlock()
	l.onLimit(limit, from)
	switch was {
	case Waiting: // a request may be on its way
		l.farewells.waitAndSay(victim.Conn, l.busy)
	case Head, Body:
		l.farewells.say(victim.Conn, l.busy)
	default:
		l.farewells.silently(victim.Conn)
	}
	return ok, wait
}

// makeRoom removes a connection for c if that is necessary and possible. The caller holds
// l.mu and then closes the connection as its phase requires.
func (l *Listener) makeRoom(c *Conn, now time.Time) (victim *Conn, was Phase, limit Limit) {
	for len(l.open) >= l.max {
		l.pressed.Store(max(1, int64(now.Sub(l.began))))
		if victim, limit = l.victim(c, now); victim == nil {
			return nil, was, ""
		}
		var taken bool
		if was, taken = victim.take(now); taken {
			l.remove(victim)
			return victim, was, limit
		}
	}
	return nil, was, ""
}

// add adds a connection. The caller holds l.mu.
func (l *Listener) add(c *Conn) {
	l.open = append(l.open, c)
	c.place = len(l.open)
	l.peers[c.peer]++
}

// remove forgets an open connection. The caller holds l.mu.
func (l *Listener) remove(c *Conn) {
	last := len(l.open)
	moved := l.open[last-1]
	l.open[c.place-1], moved.place = moved, c.place
	l.open[last-1], l.open = nil, l.open[:last-1]
	c.place = 0
	if l.peers[c.peer]--; l.peers[c.peer] <= 0 {
		delete(l.peers, c.peer)
	}
}

// release forgets a connection that is being closed. It returns false if that has
// happened before, for another connection.
func (l *Listener) release(c *Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.place == 0 {
		return false
	}
	l.remove(c)
	l.refusing = false
	select {
	case l.freed <- struct{}{}:
	default:
	}
	return true
}

// setPeer sets the peer of a connection. The client is invalid if that is its own other end.
func (l *Listener) setPeer(c *Conn, peer, client netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.client = client
	if c.place > 0 && c.peer != peer {
		l.remove(c)
		c.peer = peer
		l.add(c)
	}
}

// End closes the connections that have sent nothing yet, and gives the others a short
// time to finish their requests. The caller closes the listener.
func (l *Listener) End() {
	l.mu.Lock()
	l.finishBy = time.Now().Add(l.finishTime)
	open := slices.Clone(l.open)
	l.mu.Unlock()
	close(l.ended)
	for _, c := range open {
		c.end(l.finishBy)
	}
	l.farewells.end()
}
