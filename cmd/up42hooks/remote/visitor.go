package remote

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	charm "github.com/charmbracelet/ssh"
	"golang.org/x/crypto/ssh"

	"github.com/up42/up42-webhooks/receiver/safe"
)

// visitorKey is the key of the visitor in the context of a connection.
type visitorKey struct{}

// visitor is a connection with who is at its other end. It has one session at a time. While it has
// none, it has a seat among the new connections, for a limited time.
type visitor struct {
	net.Conn
	ctx     context.Context
	cancel  context.CancelFunc
	address netip.Addr
	waits   Waits

	seat func() (leave func(), err error) // takes a seat among the new ones
	ssh  context.Context                  // of the connection; nil until the handshake begins

	mu      sync.Mutex
	fresh   func() // gives the seat back
	left    bool
	late    *time.Timer
	key     Key
	in      bool // it was let in
	tried   string
	why     string
	session bool
}

// newVisitor makes the visitor of a connection. Its error is that of seat.
func newVisitor(ctx context.Context, conn net.Conn, address netip.Addr, seat func() (leave func(), err error), w Waits) (*visitor, error) {
	fresh, err := seat()
	if err != nil {
		return nil, err
	}
	v := &visitor{Conn: conn, address: address, seat: seat, fresh: fresh, waits: w}
	v.ctx, v.cancel = context.WithCancel(ctx)
	v.late = time.AfterFunc(w.New, v.hangUp)
	return v, nil
}

// hangUp ends the connection: all reading and writing fails from then on.
func (v *visitor) hangUp() {
	v.cancel()
	_ = v.Conn.Close()
}

// leave ends the connection, and gives back what it has.
func (v *visitor) leave() {
	v.hangUp()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.left = true
	v.late.Stop()
	v.fresh()
}

// offer keeps which key was offered, and why it is refused.
func (v *visitor) offer(key ssh.PublicKey, why string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tried, v.why = ssh.FingerprintSHA256(key), why
}

// enter keeps that somebody was let in, and begins a session. ok is false if there is one already.
func (v *visitor) enter(key Key) (ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.in, v.key = true, key
	if v.session {
		return false
	}
	v.session = true
	v.late.Stop()
	v.fresh()
	return true
}

// endSession ends the session. The client has a while to hang up, or to begin another one, unless too
// many connections have none.
func (v *visitor) endSession() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.session = false; v.left {
		return
	}
	fresh, err := v.seat()
	if err == nil {
		v.fresh = fresh
	}
	wait := v.waits.New
	if err != nil || v.ctx.Err() != nil {
		wait = endTime
	}
	v.late = time.AfterFunc(wait, v.hangUp)
}

// end ends the session, and leaves it a moment to give its terminal back.
func (v *visitor) end() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.session {
		v.hangUp()
		return
	}
	v.late = time.AfterFunc(endTime, v.hangUp)
}

// signedIn reports whether the handshake ended well.
func (v *visitor) signedIn() bool { return v.ssh != nil && v.ssh.Value(charm.ContextKeyConn) != nil }

func (v *visitor) known() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.in
}

func (v *visitor) offered() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.tried == "" {
		return "none"
	}
	return v.tried
}

func (v *visitor) refusal() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.why == "" {
		return "the handshake did not end"
	}
	return v.why
}

// attrs say in the log who it is.
func (v *visitor) attrs() []any {
	v.mu.Lock()
	defer v.mu.Unlock()
	attrs := []any{"address", v.address.String(), "role", string(v.key.Role)}
	if v.key.public != nil {
		const most = 60
		attrs = append(attrs, "comment", safe.Shorten(safe.Line(v.key.Comment), most), "key", v.key.Fingerprint())
	}
	return attrs
}

// authorize reports whether a key is let in. It is also called for keys that a client only offers.
func (s *Server) authorize(ctx charm.Context, offered charm.PublicKey) bool {
	v := ctx.Value(visitorKey{}).(*visitor)
	_, err := s.o.Keys.Find(offered, v.address)
	why := ""
	if err != nil {
		why = err.Error()
	}
	v.offer(offered, why)
	return err == nil
}

// keyOf returns the key with which somebody was let in.
func (s *Server) keyOf(ctx charm.Context, v *visitor) (Key, error) {
	switch {
	case s.o.Audience:
		return Key{Role: Audience}, nil
	case s.o.Keys == nil:
		return Key{Role: Viewer}, nil
	}
	public, ok := ctx.Value(charm.ContextKeyPublicKey).(charm.PublicKey)
	if !ok {
		return Key{}, errUnknownKey
	}
	return s.o.Keys.Find(public, v.address)
}

// addressOf is the address at the other end, without its port.
func addressOf(conn net.Conn) netip.Addr {
	a, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	return a.Addr().Unmap()
}
