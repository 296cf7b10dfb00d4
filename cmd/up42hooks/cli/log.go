package cli

import (
	"bytes"
	"io"
	"sync"
	"time"
)

const (
	// logPatience is how long a line of the log waits for its reader. Lines come between a
	// delivery and its answer.
	logPatience = 50 * time.Millisecond
	// maxUnwritten is how many bytes of the log wait in memory.
	maxUnwritten = 256 << 10
)

// LogOutput writes lines to an output that perhaps nobody reads: a full pipe, a stopped terminal.
// Nobody waits long for it. Lines that can't be written at once wait in memory. When too many
// wait, newer ones are left out. It is safe for concurrent use.
type LogOutput struct {
	out io.Writer
	// leftOut writes how many lines were left out.
	leftOut func(lines int)

	mu      sync.Mutex
	waiting []logLine
	size    int // of all that wait, in bytes
	missing int // lines that were left out
	stalled bool
	writing chan struct{} // closed when nothing waits any more; nil if nothing does
}

type logLine struct {
	text    []byte
	written chan struct{}
}

// NewLogOutput makes a LogOutput. leftOut must write to out itself; it is called when lines were
// left out and there is room again. The caller closes the LogOutput, but not its output.
func NewLogOutput(out io.Writer, leftOut func(lines int)) *LogOutput {
	return &LogOutput{out: out, leftOut: leftOut}
}

// Write takes a line. It never fails.
func (l *LogOutput) Write(p []byte) (int, error) {
	line := logLine{bytes.Clone(p), make(chan struct{})}
	l.mu.Lock()
	if l.size+len(p) > maxUnwritten {
		l.missing++
		l.mu.Unlock()
		return len(p), nil
	}
	l.waiting, l.size = append(l.waiting, line), l.size+len(p)
	if l.writing == nil {
		l.writing = make(chan struct{})
		go l.write(l.writing)
	}
	stalled := l.stalled
	l.mu.Unlock()
	if stalled {
		return len(p), nil
	}
	late := time.NewTimer(logPatience)
	defer late.Stop()
	select {
	case <-line.written:
	case <-late.C:
		l.mu.Lock()
		l.stalled = l.writing != nil
		l.mu.Unlock()
	}
	return len(p), nil
}

// write writes what waits until nothing does.
func (l *LogOutput) write(done chan struct{}) {
	for {
		l.mu.Lock()
		if len(l.waiting) == 0 {
			missing := l.missing
			l.missing = 0
			if missing == 0 {
				l.writing, l.stalled = nil, false
				close(done)
				l.mu.Unlock()
				return
			}
			l.mu.Unlock()
			l.leftOut(missing)
			continue
		}
		next := l.waiting[0]
		l.waiting = l.waiting[1:]
		l.mu.Unlock()
		_, _ = l.out.Write(next.text) // who does not read misses it
		l.mu.Lock()
		l.size -= len(next.text)
		l.mu.Unlock()
		close(next.written)
	}
}

// Close waits until all is written, for two seconds at most.
func (l *LogOutput) Close() {
	l.mu.Lock()
	writing := l.writing
	l.mu.Unlock()
	if writing == nil {
		return
	}
	late := time.NewTimer(hurryTime)
	defer late.Stop()
	select {
	case <-writing:
	case <-late.C:
	}
}
