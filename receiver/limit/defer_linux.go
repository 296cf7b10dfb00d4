package limit

import (
	"net"
	"syscall"
)

// deferAccept has the system keep a connection that sends nothing to itself for a second.
// Senders send at once, so that only strangers wait.
func deferAccept(l net.Listener) {
	sc, ok := l.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_DEFER_ACCEPT, 1) })
}
