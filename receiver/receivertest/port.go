package receivertest

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"testing"
)

// Systems give ports from 32768 or 49152 on to connections, and to listeners that ask for port 0.
// A port below that stays free until the server that is to have it has started.
const firstPort, ports = 15000, 17000

// Tests of several packages run at a time. Each process begins at another port.
const portsOfProcess = 250

// given counts the ports that this process has given: none is given twice.
var given atomic.Int64

// FreePort returns a port of 127.0.0.1 that nobody uses, for a server that must know its port
// before it starts. A server that can choose its port listens on port 0 instead.
func FreePort(t testing.TB) int {
	t.Helper()
	for range ports {
		port := firstPort + (os.Getpid()*portsOfProcess+int(given.Add(1)))%ports
		if l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", port)); err == nil {
			_ = l.Close()
			return port
		}
	}
	t.Fatal("found no free port")
	return 0
}
