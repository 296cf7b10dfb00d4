// Package text is the one boundary through which text from outside reaches a
// terminal.
//
// A delivery can hold anything: escape sequences that move the cursor, bidi
// overrides that turn words around, a thousand accents on one letter. [Clean]
// makes all of it visible instead of obeying it, so that an attempt is seen.
//
// Widths are in cells. A character takes what Unicode gives it by itself: some
// terminals draw sequences (flags, skin tones, old Hangul) narrower than the sum
// of their parts, none draws them wider, so a line that fits here fits there.
package text

import (
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

const ellipsis = "…"

// Width is how many cells clean text takes. It adds up: the width of two texts
// in a row is the sum of theirs.
func Width(s string) int {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return wideWidth(s)
		}
	}
	return len(s)
}

func wideWidth(s string) int {
	w := 0
	for _, r := range s {
		w += runeWidth(r)
	}
	return w
}

func runeWidth(r rune) int {
	switch {
	case r < 0x300: // Latin, which has no character that combines or is wide
		return 1
	case 0x2500 <= r && r < 0x25fd: // boxes, blocks and shapes: what we draw with
		return 1
	default:
		return displaywidth.Rune(r)
	}
}

// Fit cuts clean text to width cells, the last one an ellipsis, or fills it up
// with spaces.
func Fit(s string, width int) string {
	if Width(s) == width {
		return s
	}
	return string(AppendFit(nil, s, width))
}

// Cut shortens clean text to at most width cells, the last one an ellipsis.
func Cut(s string, width int) string {
	if Width(s) <= width {
		return s
	}
	return Fit(s, width)
}

// FitRight is Fit with the spaces on the left.
func FitRight(s string, width int) string {
	if Width(s) == width {
		return s
	}
	return string(AppendFitRight(nil, s, width))
}

// AppendFit appends what [Fit] gives.
func AppendFit(dst []byte, s string, width int) []byte {
	w := Width(s)
	switch {
	case w <= width:
		dst = append(dst, s...)
	case width > 0 && w == len(s): // ASCII
		dst = append(dst, s[:width-1]...)
		return append(dst, ellipsis...)
	default:
		dst, w = appendCut(dst, s, width)
	}
	return appendSpaces(dst, width-w)
}

// AppendFitRight appends what [FitRight] gives.
func AppendFitRight(dst []byte, s string, width int) []byte {
	if w := Width(s); w < width {
		return append(appendSpaces(dst, width-w), s...)
	}
	return AppendFit(dst, s, width)
}

// appendCut appends as much of s as leaves a cell for the ellipsis, and that.
// It takes w cells: one less than width where a wide character does not fit.
func appendCut(dst []byte, s string, width int) (_ []byte, w int) {
	if width <= 0 {
		return dst, 0
	}
	for i, r := range s {
		n := runeWidth(r)
		if w+n > width-1 {
			s = s[:i]
			break
		}
		w += n
	}
	dst = append(dst, s...)
	return append(dst, ellipsis...), w + 1
}

const blank = "                                                                "

// Spaces are n spaces.
func Spaces(n int) string {
	switch {
	case n <= 0:
		return ""
	case n <= len(blank):
		return blank[:n]
	default:
		return strings.Repeat(" ", n)
	}
}

func appendSpaces(dst []byte, n int) []byte {
	for ; n > len(blank); n -= len(blank) {
		dst = append(dst, blank...)
	}
	return append(dst, Spaces(n)...)
}

// ASCII is a screen for a terminal that shows nothing else: an ellipsis becomes
// ">", any other character as many "?" as it has cells.
func ASCII(screen string) string {
	var b strings.Builder
	done := 0
	for i, r := range screen {
		if r < utf8.RuneSelf {
			continue
		}
		b.WriteString(screen[done:i])
		if string(r) == ellipsis {
			b.WriteByte('>')
		} else {
			b.WriteString(strings.Repeat("?", runeWidth(r)))
		}
		done = i + max(1, lengthAt(screen, i))
	}
	if done == 0 {
		return screen
	}
	b.WriteString(screen[done:])
	return b.String()
}

// lengthAt is how many bytes the character at i takes: one, where it is none.
func lengthAt(s string, i int) int {
	_, n := utf8.DecodeRuneInString(s[i:])
	return n
}
