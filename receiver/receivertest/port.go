package receivertest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"
)

// Systems give ports from 32768 or 49152 on to connections, and to listeners that ask for port 0.
// A port below that stays free until the server that is to have it has started.
const firstPort, ports = 15000, 17000

// Tests of several packages run at a time, and a server that stops to start again has no port
// meanwhile. So each process has so many ports of its own.
const portsOfProcess = 250

// claimed is the first port of this process.
var claimed = sync.OnceValues(func() (net.Listener, error) { return claim(os.Getpid()) })

// claim listens on the first port of a process. As long as it does, no other process gets its ports.
func claim(pid int) (net.Listener, error) {
	const processes = ports / portsOfProcess
	for i := range processes {
		first := firstPort + (pid+i)%processes*portsOfProcess
		if l, err := listen(first); err == nil {
			return l, nil
		}
	}
	return nil, errors.New("other processes have all ports")
}

// given counts the ports that this process has given. One is given again when all others were.
var given atomic.Int64

// FreePort returns a port of 127.0.0.1 that nobody uses, for a server that must know its port
// before it starts. A server that can choose its port listens on port 0 instead.
func FreePort(t testing.TB) int {
	t.Helper()
	mine, err := claimed()
	if err != nil {
		t.Fatal(err)
	}
	first := mine.Addr().(*net.TCPAddr).Port
	for range portsOfProcess {
		port := first + 1 + int(given.Add(1))%(portsOfProcess-1)
		if l, err := listen(port); err == nil {
			_ = l.Close()
			return port
		}
	}
	t.Fatal("found no free port")
	return 0
}

func listen(port int) (net.Listener, error) {
	return net.Listen("tcp", fmt.Sprint("127.0.0.1:", port))
}
