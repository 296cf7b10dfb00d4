package limit_test

import (
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/limit"
)

// crowd is a listener at which connections wait.
type crowd struct {
	net.Listener
	waiting chan net.Conn
}

func (c crowd) Accept() (net.Conn, error) {
	if conn, ok := <-c.waiting; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}

// Whoever waits behind many connections that send nothing has a turn within a second or two,
// also where few connections are open at a time. A thousand took 3 s, and 4,000 12 s.
func TestFewConnectionsTakeTurnsFast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const waiting = 1000
		c := crowd{waiting: make(chan net.Conn, waiting)}
		for range waiting {
			silent, _ := net.Pipe() // it needs no end
			c.waiting <- silent
		}
		l := limit.New(c, limit.Options{Max: 15, OnLimit: func(limit.Limit, string) {}})
		began := time.Now()
		var last atomic.Int64
		go func() {
			for _, err := l.Accept(); err == nil; _, err = l.Accept() {
				last.Store(int64(time.Since(began)))
			}
		}()
		time.Sleep(time.Minute)
		assert.Less(t, time.Duration(last.Load()), 2*time.Second)
		assert.Empty(t, c.waiting)
		close(c.waiting)
		l.End()
	})
}
