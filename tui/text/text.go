// Package text cleans, measures, cuts and wraps text for a terminal. All text from
// outside goes through it.
//
// A delivery may contain anything: escape sequences that move the cursor,
// bidirectional overrides that reverse words, a thousand accents on one letter.
// [Clean] shows such characters as escapes, so they have no effect and the user
// sees them.
//
// Widths are in terminal cells. The width of a text is the sum of the widths of its
// characters. Some terminals draw sequences (flags, skin tones, old Hangul) narrower
// than that, but none wider, so a line that fits by this measure fits on any
// terminal.
package text

import (
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

const ellipsis = "…"

// Width returns the number of cells that clean text takes. The width of two texts
// together is the sum of their widths.
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
	case r < 0x300: // Latin: nothing here combines or is wide
		return 1
	case 0x2500 <= r && r < 0x25fd: // boxes, blocks and shapes: the glyphs of package theme
		return 1
	case r == emojiSelector: // Clean leaves it only behind a narrow symbol, which it may make wide
		return 1
	default:
		return displaywidth.Rune(r)
	}
}

// Fit makes clean text exactly width cells wide: it cuts it, with an ellipsis in
// the last cell, or adds spaces.
func Fit(s string, width int) string {
	if Width(s) == width {
		return s
	}
	return string(AppendFit(nil, s, width))
}

// Cut makes clean text at most width cells wide. If it cuts, the last cell is an
// ellipsis.
func Cut(s string, width int) string {
	if Width(s) <= width {
		return s
	}
	return Fit(s, width)
}

// FitRight is Fit, but adds spaces on the left.
func FitRight(s string, width int) string {
	if Width(s) == width {
		return s
	}
	return string(AppendFitRight(nil, s, width))
}

// AppendFit appends the result of [Fit].
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

// AppendFitRight appends the result of [FitRight].
func AppendFitRight(dst []byte, s string, width int) []byte {
	if w := Width(s); w < width {
		return append(appendSpaces(dst, width-w), s...)
	}
	return AppendFit(dst, s, width)
}

// appendCut appends the start of s and an ellipsis. They take w cells: width, or
// one less if a wide character did not fit.
func appendCut(dst []byte, s string, width int) (_ []byte, w int) {
	if width <= 0 {
		return dst, 0
	}
	for i, r := range s {
		n := runeWidth(r)
		if w+n > width-1 {
			s = trimJoiner(s[:i])
			break
		}
		w += n
	}
	dst = append(dst, s...)
	return append(dst, ellipsis...), w + 1
}

// Start returns the start of clean text that takes at most width cells. A selector stays with the
// symbol before it.
func Start(s string, width int) string {
	w, last := 0, 0
	for i, r := range s {
		if w += runeWidth(r); w > width && r == emojiSelector {
			return s[:last]
		} else if w > width {
			return s[:i]
		}
		last = i
	}
	return s
}

// Head returns the first bytes of s, at most max of them, without a part of a character at
// the end. It shares the memory of s.
func Head(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return s[:max]
}

// Own returns [Head] as a copy, which keeps no other text in memory.
func Own(s string, max int) string { return strings.Clone(Head(s, max)) }

// Short returns a text from outside as a row keeps it: [Clean], and at most max cells wide.
// It reads four bytes for each cell, as some characters take no cell. It is a copy.
func Short(s string, max int) string {
	head := Head(s, 4*max)
	if len(head) < len(s) {
		head += ellipsis
	}
	return strings.Clone(Clean(head, max))
}

const blank = "                                                                "

// Spaces returns n spaces.
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

// ASCII replaces the characters of a screen that are not ASCII: an ellipsis by
// ">", any other character by as many "?" as it has cells.
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

// lengthAt returns the number of bytes of the character at i. It is 1 if s is not
// UTF-8 there.
func lengthAt(s string, i int) int {
	_, n := utf8.DecodeRuneInString(s[i:])
	return n
}
