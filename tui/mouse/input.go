package mouse

import (
	"bytes"
	"io"
)

// What a terminal sends when the mouse is used: SGR (xterm's mode 1006), and what terminals send
// that don't know this mode.
const (
	sgr = "\x1b[<"
	x10 = "\x1b[M"
	// x10Length is the length of a whole sequence of the old kind.
	x10Length = len(x10) + 3
	// longest is more than any sequence has that a terminal sends.
	longest = 32
)

// file is what a terminal's input is. Bubble Tea waits for it before it reads.
type file interface {
	io.ReadWriteCloser
	Fd() uintptr
	Name() string
}

// NewInput makes the input of a terminal safe to read for Bubble Tea, which would take the parts
// of a sequence that is cut or malformed for keys. If in is a file, the result is one too.
func NewInput(in io.Reader) io.Reader {
	if f, ok := in.(file); ok {
		return &fileInput{file: f, input: input{in: f}}
	}
	return &input{in: in}
}

type fileInput struct {
	file
	input input
}

// Read implements io.Reader.
func (f *fileInput) Read(p []byte) (int, error) { return f.input.Read(p) }

// input passes on whole sequences only.
type input struct {
	in   io.Reader
	held []byte // the start of a sequence whose end is not read yet
	// escaped says that the last read ended with an escape, which was passed on as a key.
	escaped bool
}

// Read implements io.Reader. It may return 0 bytes: then only a part of a sequence has come.
func (i *input) Read(p []byte) (int, error) {
	if len(p) <= 2*longest {
		return i.in.Read(p)
	}
	const escape = 1 // room for one
	n := copy(p, i.held)
	i.held = i.held[:0]
	more, err := i.in.Read(p[n : len(p)-escape])
	if n == 0 && i.escaped && goesOn(p[:more]) {
		copy(p[escape:], p[:more])
		p[0] = sgr[0]
		n = escape
	}
	n += more
	full := n >= len(p)-escape
	n = i.filter(p[:n])
	n = i.holdStart(p[:n], full)
	i.escaped = n > 0 && p[n-1] == sgr[0]
	return n, err
}

// goesOn reports whether these bytes, which come after an escape, are the rest of a mouse's sequence:
// nobody types them at once.
func goesOn(b []byte) bool {
	return bytes.HasPrefix(b, []byte(sgr[1:])) || bytes.HasPrefix(b, []byte(x10[1:]))
}

// holdStart holds back the start of any sequence at the end of a read. An escape alone is held back
// only if the read was full, so that there is probably more: else it is a key.
func (i *input) holdStart(b []byte, full bool) (n int) {
	for _, start := range []string{sgr[:2], sgr[:1]} {
		if len(i.held) == 0 && bytes.HasSuffix(b, []byte(start)) && (full || len(start) > 1) {
			i.held = append(i.held, start...)
			return len(b) - len(start)
		}
	}
	return len(b)
}

// filter removes what is malformed, in place, and holds back what is not complete at the end.
func (i *input) filter(b []byte) (n int) {
	for {
		at := bytes.Index(b[n:], []byte(sgr[:2]))
		if at < 0 {
			return len(b)
		}
		n += at
		length, verdict := judge(b[n:])
		switch verdict {
		case whole:
			n += length
		case malformed:
			b = append(b[:n], b[n+length:]...)
		case begun:
			i.held = append(i.held, b[n:]...)
			return n
		}
	}
}

type verdict int

const (
	whole verdict = iota
	malformed
	begun
)

// judge says how long the sequence is that b begins with, and whether it is to be passed on.
// What is no sequence of a mouse always is.
func judge(b []byte) (length int, v verdict) {
	switch {
	case bytes.HasPrefix(b, []byte(x10)):
		if len(b) < x10Length {
			return len(b), begun
		}
		return x10Length, whole
	case !bytes.HasPrefix(b, []byte(sgr)):
		return len(sgr) - 1, whole
	}
	end := len(sgr)
	for end < len(b) && b[end] >= ' ' && b[end] < '@' && end < longest {
		end++
	}
	switch {
	case end == len(b) && end < longest:
		return end, begun
	case end == longest || b[end] < ' ' || b[end] > '~':
		return end, malformed
	case (b[end] == 'M' || b[end] == 'm') && threeNumbers(b[len(sgr):end]):
		return end + 1, whole
	default:
		return end + 1, malformed
	}
}

// threeNumbers reports whether these are the button, the column and the line.
func threeNumbers(b []byte) bool {
	const mostDigits = 5
	parts := bytes.Split(b, []byte(";"))
	for _, p := range parts {
		if len(p) == 0 || len(p) > mostDigits || bytes.ContainsFunc(p, func(r rune) bool { return r < '0' || r > '9' }) {
			return false
		}
	}
	return len(parts) == 3
}
