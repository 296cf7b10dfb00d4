package tunnel

import (
	"bytes"
	"strings"

	"github.com/up42/up42-webhooks/receiver/safe"
)

const (
	// maxLine is how much of a line is read, in bytes. The rest is dropped.
	maxLine = 16 << 10
	// maxProblem is how much of an error is kept, in characters.
	maxProblem = 300
)

// lines calls each for every line that is written to it. It takes everything, so that the
// writer never waits.
type lines struct {
	each func(string)
	line []byte
}

// Write implements io.Writer. It never fails.
func (l *lines) Write(p []byte) (int, error) {
	n := len(p)
	for {
		part, rest, ended := bytes.Cut(p, []byte{'\n'})
		l.line = append(l.line, part[:min(len(part), maxLine-len(l.line))]...)
		if !ended {
			return n, nil
		}
		l.end()
		p = rest
	}
}

// end calls each for a last line without a line end.
func (l *lines) end() {
	if line := strings.TrimRight(string(l.line), "\r"); line != "" {
		l.each(line)
	}
	l.line = l.line[:0]
}

// problemText makes an error that a program printed safe to print, and cuts it.
func problemText(s string) string { return safe.Shorten(safe.Line(strings.TrimSpace(s)), maxProblem) }
