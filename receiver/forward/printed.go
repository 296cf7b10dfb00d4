package forward

import (
	"bytes"
	"io"
	"log/slog"
	"sync"
)

const (
	// maxPrinted is how much of what a program prints in one run is logged, in
	// bytes, maxLine how much of a line.
	maxPrinted = 16 << 10
	maxLine    = 1 << 10
)

// printed logs what a program prints, a line at a time, as far as it is not too
// much. It is safe for concurrent use.
type printed struct {
	log *slog.Logger

	mu      sync.Mutex
	line    []byte
	taken   int
	dropped int
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(b)
	room := maxPrinted - p.taken
	if room < len(b) {
		p.dropped += len(b) - max(room, 0)
		b = b[:max(room, 0)]
	}
	p.taken += len(b)
	for len(b) > 0 {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			p.line = append(p.line, b...)
			break
		}
		p.line = append(p.line, b[:i]...)
		p.say()
		b = b[i+1:]
	}
	return n, nil
}

func (p *printed) say() {
	if line := bytes.TrimRight(p.line, "\r"); len(line) > 0 {
		p.log.Info("it says", "line", string(line[:min(len(line), maxLine)]))
	}
	p.line = p.line[:0]
}

// end logs what has no line end, and how much was left out.
func (p *printed) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.say()
	if p.dropped > 0 {
		p.log.Warn("it says more than is logged", "bytes left out", p.dropped)
	}
}

// once is read once. It is no *os.File, so that a program that does not read it
// all holds up nothing but its own pipe.
type once struct{ rest []byte }

func (o *once) Read(p []byte) (int, error) {
	if len(o.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, o.rest)
	o.rest = o.rest[n:]
	return n, nil
}
