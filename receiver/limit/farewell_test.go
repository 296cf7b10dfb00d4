package limit

import (
	"io"
	"net"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Connections that come while the others are closed, or later, are closed too. Nobody
// starts to close one in the background while the end waits.
func TestAConnectionIsClosedWhenItComesLate(t *testing.T) {
	f := farewells{max: 100, closed: func() {}}
	isClosed := func(how func(net.Conn)) {
		ours, theirs := net.Pipe()
		defer theirs.Close()
		how(ours)
		_, err := theirs.Read(make([]byte, 1))
		assert.ErrorIs(t, err, io.EOF)
	}
	for range f.max {
		ours, _ := net.Pipe()
		f.waitAndSay(ours, nil)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		f.end()
	}()
	hasBegun := func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.ended
	}
	for !hasBegun() {
		runtime.Gosched()
	}
	for range 100 {
		isClosed(f.silently)
		isClosed(func(c net.Conn) { f.waitAndSay(c, nil) })
	}
	<-ended
	isClosed(f.silently)
}
