package main

import (
	"io"
	"unicode/utf8"
)

// whole reads text in pieces that cut no character.
type whole struct {
	in   io.Reader
	rest []byte // the start of a character
}

// next returns the next piece. It may be empty.
func (w *whole) next() (string, error) {
	const size = 32 << 10
	buf := make([]byte, size)
	n := copy(buf, w.rest)
	more, err := w.in.Read(buf[n:])
	buf = buf[:n+more]
	end := len(buf)
	for back := 1; err == nil && back < utf8.UTFMax && back <= len(buf); back++ {
		if at := len(buf) - back; utf8.RuneStart(buf[at]) {
			if !utf8.FullRune(buf[at:]) {
				end = at
			}
			break
		}
	}
	w.rest = append(w.rest[:0], buf[end:]...)
	return string(buf[:end]), err
}
