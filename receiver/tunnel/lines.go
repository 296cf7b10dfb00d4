package tunnel

import (
	"bytes"
	"strings"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver/safe"
)

const (
	// maxLine is how much of a line is read, in bytes. The rest is dropped.
	maxLine = 16 << 10
	// maxProblem is how much of an error is kept, in characters.
	maxProblem = 300
	// pause is how long a line may wait for its end. A program may ask something, or print
	// its last words without a line end.
	pause = time.Second
)

// lines calls each for every line that is written to it, one call at a time. It takes
// everything, so that the writer never waits. end must be called at last.
type lines struct {
	each func(string)

	mu     sync.Mutex
	line   []byte
	paused *time.Timer // nil if no line waits for its end
}

// Write implements io.Writer. It never fails.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop()
	n := len(p)
	for {
		part, rest, ended := bytes.Cut(p, []byte{'\n'})
		l.line = append(l.line, part[:min(len(part), maxLine-len(l.line))]...)
		if !ended {
			break
		}
		l.flush()
		p = rest
	}
	if len(l.line) > 0 {
		l.paused = time.AfterFunc(pause, l.end)
	}
	return n, nil
}

// end calls each for a last line without a line end.
func (l *lines) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop()
	l.flush()
}

func (l *lines) stop() {
	if l.paused != nil {
		l.paused.Stop()
		l.paused = nil
	}
}

func (l *lines) flush() {
	if line := strings.TrimRight(string(l.line), "\r"); line != "" {
		l.each(line)
	}
	l.line = l.line[:0]
}

// problemText makes an error that a program printed safe to print, and cuts it.
func problemText(s string) string { return safe.Shorten(safe.Line(strings.TrimSpace(s)), maxProblem) }
