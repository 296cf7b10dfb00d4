//go:build linux

package soak

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// sender delivers a number of events a second. As UP42 does, it sends again what is not answered 200.
type sender struct {
	accepted, again atomic.Int64
	stop            func()
}

// statuses are those of an order, one after the other.
var statuses = []string{"CREATED", "BEING_PLACED", "PLACED", "BEING_FULFILLED", "FULFILLED"}

func deliver(t *testing.T, url string, rate int) *sender {
	connections := 8 + rate/8
	s := &sender{}
	ctx, end := context.WithCancel(context.Background())
	due := make(chan int, rate)
	var working sync.WaitGroup
	working.Go(func() { pace(ctx, due, rate) })
	for range connections {
		working.Go(func() {
			tr := &http.Transport{}
			defer tr.CloseIdleConnections()
			client := &http.Client{Transport: tr, Timeout: clitest.Patience}
			for n := range due {
				body := clitest.Delivery(fmt.Sprintf("m-%d", n), fmt.Sprintf("order-%d", n/len(statuses)), statuses[n%len(statuses)])
				for ctx.Err() == nil {
					status, _, err := clitest.Deliver(client, url, clitest.Secret, body)
					if err == nil && status == http.StatusOK {
						s.accepted.Add(1)
						break
					}
					s.again.Add(1)
					retry.Sleep(ctx, 50*time.Millisecond)
				}
			}
		})
	}
	s.stop = sync.OnceFunc(func() { end(); working.Wait() })
	t.Cleanup(s.stop)
	return s
}

// pace says when events are due, by the clock: a busy machine runs this late, and then several are due at
// once. What the senders can't take, a second's events later, is left out.
func pace(ctx context.Context, due chan<- int, rate int) {
	defer close(due)
	began := time.Now()
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for n := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for ; n < int(time.Since(began).Seconds()*float64(rate)); n++ {
			select {
			case due <- n:
			default:
			}
		}
	}
}

// target takes forwarded events. It fails now and then.
type target struct {
	URL             string
	taken, requests atomic.Int64
}

func newTarget(t *testing.T) *target {
	g := &target{}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	g.URL = server.URL
	return g
}

func (g *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	const everyOther = 1009
	if g.requests.Add(1)%everyOther == 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	g.taken.Add(1)
}

// check checks that more than half of the events were forwarded. In a short soak the program ends before
// it has forwarded the last ones.
func (g *target) check(t *testing.T, senders []*sender) {
	t.Helper()
	accepted := int64(0)
	for _, s := range senders {
		accepted += s.accepted.Load()
		assert.NotZero(t, s.accepted.Load())
	}
	assert.Greater(t, g.taken.Load(), accepted/2, "more than half of the events were forwarded")
}
