//go:build !unix

package limit

import "net"

// pending says whether bytes have come that were not read yet. Here nothing can tell.
func pending(net.Conn) bool { return false }

// writeNow would write what the system takes at once. Here nothing can.
func writeNow(net.Conn, []byte) (n int, ok bool) { return 0, false }
