// Package worker does slow work on a store beside its writer, on a connection of its own.
package worker

import (
	"context"

	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// Worker does one thing at a time, in a goroutine. Its methods are not safe for concurrent
// use.
type Worker struct {
	source string
	conn   *conn.Conn // nil before the first work
	done   chan error
	cancel context.CancelFunc // nil: nothing is done
}

// New makes a worker with connections to a source, which [conn.Source] names.
func New(source string) *Worker { return &Worker{source: source, done: make(chan error, 1)} }

// Start begins to do something. It must not be called while something is done. ctx of do ends
// with Stop.
func (w *Worker) Start(do func(ctx context.Context, c *conn.Conn) error) {
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel = cancel
	go func() { w.done <- w.do(ctx, do) }()
}

func (w *Worker) do(ctx context.Context, do func(context.Context, *conn.Conn) error) (err error) {
	if w.conn == nil {
		if w.conn, err = conn.Open(ctx, w.source); err != nil {
			w.conn = nil
			return err
		}
	}
	return do(ctx, w.conn)
}

// Busy reports whether something is done, or was done and its result was not received.
func (w *Worker) Busy() bool { return w.cancel != nil }

// Done has the result when the work is done. Whoever receives it calls Ended.
func (w *Worker) Done() <-chan error { return w.done }

// Ended notes that the result was received.
func (w *Worker) Ended() {
	w.cancel()
	w.cancel = nil
}

// Stop ends what is done, waits for it, and closes the connection. The result is lost. It is
// called while there is another connection to the store. The worker may be used again.
func (w *Worker) Stop() (err error) {
	if w.cancel != nil {
		w.cancel()
		<-w.done
		w.cancel = nil
	}
	if w.conn != nil {
		err = w.conn.Close()
		w.conn = nil
	}
	return err
}
