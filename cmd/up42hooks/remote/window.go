package remote

import (
	"context"
	"encoding/binary"
	"sync"

	"golang.org/x/crypto/ssh"
)

// window is the size of a client's terminal. It is safe for concurrent use.
type window struct {
	mu            sync.Mutex
	width, height int
	changed       chan struct{}
}

func newWindow() *window { return &window{changed: make(chan struct{})} }

// set sets the size, as a client says it: it may be any number, and 0 if it is not known.
func (w *window) set(width, height uint32) {
	const usualWidth, usualHeight = 80, 24
	if width == 0 || height == 0 {
		width, height = usualWidth, usualHeight
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.width, w.height = int(min(width, maxColumns)), int(min(height, maxLines))
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *window) get() (width, height int, changed <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.width, w.height, w.changed
}

// WatchSize tells the size, now and after each change, until ctx ends. The screen calls it.
func (w *window) WatchSize(ctx context.Context, tell func(width, height int)) {
	for {
		width, height, changed := w.get()
		tell(width, height)
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// terminalRequest is the payload of pty-req, sizeRequest that of window-change (RFC 4254, 6.2 and 6.7).
type (
	terminalRequest struct {
		Term                         string
		Columns, Rows, Width, Height uint32
		Modes                        string
	}
	sizeRequest struct{ Columns, Rows, Width, Height uint32 }
)

func parseSize(payload []byte) (r sizeRequest, ok bool) {
	const fields = 4
	if len(payload) != fields*4 {
		return r, false
	}
	return sizeRequest{Columns: binary.BigEndian.Uint32(payload), Rows: binary.BigEndian.Uint32(payload[4:])}, true
}

func parseTerminal(payload []byte) (r terminalRequest, ok bool) {
	err := ssh.Unmarshal(payload, &r)
	return r, err == nil && len(r.Term) <= maxVariable
}
