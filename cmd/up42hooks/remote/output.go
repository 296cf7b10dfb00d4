package remote

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// output writes to a client. A client that reads nothing of it for too long is hung up on, and then
// writing fails. It is safe for concurrent use: writes are not mixed.
type output struct {
	*window
	to       io.Writer
	stalled  func()
	patience atomic.Int64

	mu sync.Mutex
}

func newOutput(to io.Writer, w *window, patience time.Duration, stalled func()) *output {
	o := &output{window: w, to: to, stalled: stalled}
	o.patience.Store(int64(patience))
	return o
}

// Hurry says that the session ends: the client is not waited for as long any more.
func (o *output) Hurry() { o.patience.Store(min(o.patience.Load(), int64(endTime))) }

// Write writes all of p, or fails.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	late := time.AfterFunc(time.Duration(o.patience.Load()), o.stalled)
	defer late.Stop()
	return o.to.Write(p)
}

// lineEnds writes texts on a terminal in raw mode.
type lineEnds struct{ to io.Writer }

func (l lineEnds) Write(p []byte) (int, error) {
	if _, err := l.to.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(p), nil
}
