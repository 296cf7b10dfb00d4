// Package text is the one boundary through which text from outside reaches a
// terminal.
//
// A delivery can hold anything: escape sequences that move the cursor, bidi
// overrides that turn words around, a thousand accents on one letter. Clean
// makes all of it visible instead of obeying it, so that an attempt is seen.
package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// maxMarks is how many combining marks a character may carry: more than any
// living script needs.
const maxMarks = 4

const ellipsis = "…"

// Clean makes text from outside safe to print in one line: control, format,
// private and bidirectional characters, line separators, variation selectors
// and invalid UTF-8 are written out (\u001b). With max > 0 it is cut to that
// many cells, the last of them an ellipsis.
func Clean(s string, max int) string {
	if isPlain(s) {
		return cut(s, max)
	}
	// What is cut off anyway need not be cleaned: an id may be a megabyte long.
	if max > 0 && len(s) > 16*max+64 {
		s = strings.ToValidUTF8(s[:16*max+64], "") + strings.Repeat("x", max)
	}
	return cut(clean(s, nil), max)
}

// CleanLines splits text at line feeds and cleans each line; spaces stay, a tab
// is two of them. With maxLines > 0 what is beyond is left out.
func CleanLines(s string, maxLines int) []string {
	var lines []string
	for line := range strings.Lines(s) {
		if maxLines > 0 && len(lines) == maxLines {
			break
		}
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		lines = append(lines, Clean(strings.ReplaceAll(line, "\t", "  "), 0))
	}
	return lines
}

// Styled cleans text that a formatter of ours has put SGR sequences into; those
// stay, and all else is cleaned. The formatter's input must be valid JSON, in
// which no raw escape character can stand.
func Styled(s string) string {
	var b strings.Builder
	for s != "" {
		i := strings.Index(s, "\x1b[")
		if i < 0 {
			b.WriteString(Clean(s, 0))
			break
		}
		b.WriteString(Clean(s[:i], 0))
		end := i + 2
		for end < len(s) && (s[end] == ';' || '0' <= s[end] && s[end] <= '9') {
			end++
		}
		if end == len(s) || s[end] != 'm' {
			b.WriteString(Clean(s[i:i+1], 0))
			s = s[i+1:]
			continue
		}
		b.WriteString(s[i : end+1])
		s = s[end+1:]
	}
	return b.String()
}

// Width is how many cells the text takes. It must be clean.
func Width(s string) int {
	if isPlain(s) {
		return len(s)
	}
	return ansi.StringWidth(s)
}

// Fit cuts clean text to width cells, or fills it up with spaces.
func Fit(s string, width int) string {
	if width <= 0 {
		return ""
	}
	w := Width(s)
	if w > width {
		s = cut(s, width)
		w = Width(s) // a wide character may have left a cell free
	}
	if w == width {
		return s
	}
	return s + Spaces(width-w)
}

// FitRight is Fit with the spaces on the left.
func FitRight(s string, width int) string {
	if w := Width(s); w < width {
		return Spaces(width-w) + s
	}
	return Fit(s, width)
}

const blank = "                                                                                                                                "

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

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func cut(s string, max int) string {
	if max <= 0 {
		return s
	}
	if isPlain(s) {
		if len(s) <= max {
			return s
		}
		return s[:max-1] + ellipsis
	}
	return ansi.Truncate(s, max, ellipsis)
}

func clean(s string, dst []byte) string {
	marks := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			dst = fmt.Appendf(dst, `\x%02x`, s[i])
			marks = 0
		case hidden(r):
			dst = appendEscape(dst, r)
			marks = 0
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc):
			if marks++; marks <= maxMarks {
				dst = append(dst, s[i:i+n]...)
			}
		default:
			dst = append(dst, s[i:i+n]...)
			marks = 0
		}
		i += n
	}
	return string(dst)
}

// hidden characters steer a terminal or the reader's eye instead of showing.
func hidden(r rune) bool {
	switch {
	case r < 0x7f:
		return r < ' '
	case r < 0xa0:
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) || !assigned(r)
}

// assigned leaves out what no table knows: a terminal may give it any width.
func assigned(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z)
}

func appendEscape(dst []byte, r rune) []byte {
	if r > 0xffff {
		return fmt.Appendf(dst, `\U%08x`, r)
	}
	return fmt.Appendf(dst, `\u%04x`, r)
}
