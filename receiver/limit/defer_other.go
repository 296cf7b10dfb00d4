//go:build !linux

package limit

import "net"

// deferAccept does nothing here.
func deferAccept(net.Listener) {}
