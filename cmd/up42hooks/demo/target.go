package demo

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// target is a program of the user that the receiver forwards events to.
type target struct {
	url   string
	fails atomic.Bool
	stop  func() error
}

// startTarget starts a target that works. The caller stops it.
func startTarget(ctx context.Context) (*target, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the target of the demo: %w", err)
	}
	t := &target{url: "http://" + l.Addr().String() + "/orders"}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var serving errgroup.Group
	serving.Go(func() error { return serveSimulator(ctx, l, t) })
	t.stop = func() error {
		cancel()
		return serving.Wait()
	}
	return t, nil
}

// fail makes the target fail, or work again.
func (t *target) fail(fails bool) { t.fails.Store(fails) }

func (t *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // only the answer matters
	if t.fails.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}
