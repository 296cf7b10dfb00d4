package tunnel

import (
	"bytes"
	"strings"
	"unicode"
)

const (
	// maxLine is how much of a line is read, in bytes; the rest is passed over.
	maxLine = 16 << 10
	// maxWrong is how much is kept of what is wrong, in characters.
	maxWrong = 300
)

// lines passes what is written to it on, line by line. It takes all that comes,
// so that who writes does not have to wait.
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

// end passes on what came of the last line.
func (l *lines) end() {
	if line := strings.TrimRight(string(l.line), "\r"); line != "" {
		l.each(line)
	}
	l.line = l.line[:0]
}

// plain puts a "?" for each character that a terminal or a reader's eye could
// obey, and cuts the text.
func plain(s string) string {
	clean := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return '?'
		}
		return r
	}, strings.TrimSpace(s)))
	if len(clean) > maxWrong {
		clean = append(clean[:maxWrong-1], '…')
	}
	return string(clean)
}
