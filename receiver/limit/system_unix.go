//go:build unix

package limit

import (
	"errors"
	"net"
	"syscall"
)

// pending says whether bytes have come that were not read yet.
func pending(c net.Conn) bool {
	n := 0
	ok := onFile(c, func(fd int) {
		var b [1]byte
		n, _, _ = syscall.Recvfrom(fd, b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	})
	return ok && n > 0
}

// writeNow writes what the system takes at once, whatever the deadline is. It returns how much
// that is. ok is false if it can't do that for this connection.
func writeNow(c net.Conn, p []byte) (n int, ok bool) {
	ok = onFile(c, func(fd int) {
		var err error = syscall.EINTR
		for errors.Is(err, syscall.EINTR) {
			n, err = syscall.Write(fd, p)
		}
	})
	return max(n, 0), ok
}

// onFile calls f with the descriptor of a connection. It returns false if that has none.
func onFile(c net.Conn, f func(fd int)) bool {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return false
	}
	return raw.Control(func(fd uintptr) { f(int(fd)) }) == nil
}
