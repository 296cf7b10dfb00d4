package remote

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"
)

var errTooLong = errors.New("the input is too long for a delivery")

// keyboard is what a client sends. One goroutine pumps; one reader at a time reads.
type keyboard struct {
	chunks chan []byte
	rest   []byte
	// used is called after each read.
	used func()
}

func newKeyboard(used func()) *keyboard { return &keyboard{chunks: make(chan []byte), used: used} }

// pump reads until the client sends no more, or ctx ends.
func (k *keyboard) pump(ctx context.Context, from io.Reader) {
	defer close(k.chunks)
	const size = 4 << 10
	for {
		buf := make([]byte, size)
		n, err := from.Read(buf)
		k.used()
		if n > 0 {
			select {
			case k.chunks <- buf[:n]:
			case <-ctx.Done():
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// reader reads until ctx ends.
func (k *keyboard) reader(ctx context.Context) io.Reader { return keyReader{ctx, k} }

type keyReader struct {
	ctx context.Context
	*keyboard
}

// Read implements io.Reader.
func (r keyReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		select {
		case chunk, ok := <-r.chunks:
			if !ok {
				return 0, io.EOF
			}
			r.rest = chunk
		case <-r.ctx.Done():
			return 0, io.EOF
		}
	}
	n := copy(p, r.rest)
	r.keyboard.rest = r.rest[n:]
	return n, nil
}

// typed is the input of a command on a terminal: ctrl+c interrupts it, and ctrl+d ends the input.
type typed struct {
	io.Reader
	interrupt func()
	ended     bool
}

// Read implements io.Reader.
func (t *typed) Read(p []byte) (int, error) {
	const ctrlC, ctrlD = 3, 4
	if t.ended {
		return 0, io.EOF
	}
	n, err := t.Reader.Read(p)
	if i := bytes.IndexAny(p[:n], string([]byte{ctrlC, ctrlD})); i >= 0 {
		if p[i] == ctrlC {
			t.interrupt()
		}
		t.ended = true
		return i, io.EOF
	}
	return n, err
}

// limited is an input that fails if it is too long.
type limited struct {
	io.Reader
	left int
}

// Read implements io.Reader.
func (l *limited) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if l.left -= n; l.left < 0 {
		return 0, errTooLong
	}
	return n, err
}

// idleWatch calls a function when nothing was touched for a while.
type idleWatch struct {
	timer *time.Timer
	after time.Duration
}

func newIdleWatch(after time.Duration, idle func()) *idleWatch {
	return &idleWatch{time.AfterFunc(after, idle), after}
}

func (w *idleWatch) touch() { w.timer.Reset(w.after) }
