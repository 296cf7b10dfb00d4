package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/outfile"
)

// ErrUnread means that nobody reads an output, and that the program does not wait any longer.
var ErrUnread = errors.New("nobody reads the output")

// errClosedOutput means that standard output was closed at its other end.
var errClosedOutput = errors.New("nobody reads standard output any more")

// hurryTime is how long a write waits for its reader when the program ends.
const hurryTime = 2 * time.Second

// maxReused is the largest text, in bytes, that comes from a buffer which is used again after
// an error. A logger keeps such buffers.
const maxReused = 64 << 10

// Output is a file that the program writes to, such as standard output. Perhaps nobody reads
// it: a terminal whose program is stopped, a pipe that is full. Then a write does not return,
// and can't be cancelled. An Output waits for the reader until [Output.Hurry] is called, then
// for a short time only. It is safe for concurrent use: writes are not mixed.
type Output struct {
	file    *os.File
	writing sync.Mutex
	hurry   chan struct{}
	once    sync.Once
	unread  atomic.Bool
	offered atomic.Bool
}

// NewOutput makes an Output of a file, which it does not close.
func NewOutput(f *os.File) *Output { return &Output{file: f, hurry: make(chan struct{})} }

// Fd is the file's descriptor.
func (o *Output) Fd() uintptr { return o.file.Fd() }

// Hurry says that the program ends: writes wait only briefly from now on, also those that
// wait already. After the first one that nobody has read, writes fail at once, with
// [ErrUnread].
func (o *Output) Hurry() { o.once.Do(func() { close(o.hurry) }) }

// Write writes all of p, or fails.
func (o *Output) Write(p []byte) (int, error) {
	if o.unread.Load() {
		return 0, ErrUnread
	}
	type result struct {
		n   int
		err error
	}
	done := make(chan result, 1)
	if len(p) <= maxReused {
		p = bytes.Clone(p) // the caller may use its own again, although the write does not return
	}
	go func() {
		o.writing.Lock()
		defer o.writing.Unlock()
		if o.unread.Load() {
			done <- result{0, ErrUnread}
			return
		}
		n, err := o.file.Write(p)
		done <- result{n, o.explain(err)}
	}()
	select {
	case r := <-done:
		return r.n, r.err
	case <-o.hurry:
	}
	late := time.NewTimer(hurryTime)
	defer late.Stop()
	select {
	case r := <-done:
		return r.n, r.err
	case <-late.C:
		o.unread.Store(true)
		return 0, ErrUnread
	}
}

// explain returns the error of a write in words.
func (o *Output) explain(err error) error {
	explained := outfile.Explain(o.name(), err)
	if o.file == os.Stdout && errno.Is(err, syscall.EPIPE) {
		return fmt.Errorf("%w: %w", errClosedOutput, explained)
	}
	return explained
}

// name is what the user calls the file.
func (o *Output) name() string {
	if o.file == os.Stdout {
		return "standard output"
	}
	return o.file.Name()
}

// Offer writes p without waiting for its reader. It leaves p out if an earlier one is not
// read yet.
func (o *Output) Offer(p []byte) {
	if !o.offered.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer o.offered.Store(false)
		_, _ = o.Write(p) // who does not read misses it
	}()
}

// FileOf returns the file behind an output or an input. It returns nil if that is not a file.
func FileOf(stream any) *os.File {
	switch s := stream.(type) {
	case *os.File:
		return s
	case *Output:
		return s.file
	default:
		return nil
	}
}

// Hurry says to standard output and standard error that the program ends.
func (env Env) Hurry() {
	for _, w := range []io.Writer{env.Stdout, env.Stderr} {
		if o, ok := w.(*Output); ok {
			o.Hurry()
		}
	}
}
