package forward

import (
	"bytes"
	"io"
	"log/slog"
	"sync"
)

const (
	// maxOutput is how many bytes of a program's output are logged in one run, maxLine
	// how many of a line.
	maxOutput = 16 << 10
	maxLine   = 1 << 10
)

// outputLog logs the output of a program, line by line up to maxOutput. It is safe for
// concurrent use.
type outputLog struct {
	log *slog.Logger

	mu      sync.Mutex
	line    []byte
	taken   int
	dropped int
}

// Write implements io.Writer. It never fails.
func (o *outputLog) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := len(b)
	room := max(0, maxOutput-o.taken)
	if room < len(b) {
		o.dropped += len(b) - room
		b = b[:room]
	}
	o.taken += len(b)
	for len(b) > 0 {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			o.line = append(o.line, b...)
			break
		}
		o.line = append(o.line, b[:i]...)
		o.logLine()
		b = b[i+1:]
	}
	return n, nil
}

func (o *outputLog) logLine() {
	if line := bytes.TrimRight(o.line, "\r"); len(line) > 0 {
		o.log.Info("output", "line", string(line[:min(len(line), maxLine)]))
	}
	o.line = o.line[:0]
}

// end logs a last line without a line end, and how much was left out.
func (o *outputLog) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.logLine()
	if o.dropped > 0 {
		o.log.Warn("there is more output than is logged", "skipped", o.dropped)
	}
}

// input is what a program reads. It is not an *os.File, so that os/exec does not wait for
// a program that exits without reading all of it.
type input struct{ rest []byte }

func (in *input) Read(p []byte) (int, error) {
	if len(in.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, in.rest)
	in.rest = in.rest[n:]
	return n, nil
}
