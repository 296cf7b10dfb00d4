package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is how many combining marks a character may carry: more than any
// living script needs. An ellipsis stands for the rest of them.
const maxMarks = 4

// Clean makes text from outside safe to print in one line. What steers a
// terminal or deceives the eye is written out: control characters as \u001b,
// so are format, private, bidirectional, invisible and unassigned ones, line
// separators and variation selectors; tab, line feed and carriage return as \t,
// \n, \r; a byte that is no UTF-8 as \xff. With max > 0 the result has that many
// cells at most, the last one an ellipsis where something was cut.
func Clean(s string, max int) string {
	if isPlain(s) && (max <= 0 || len(s) <= max) {
		return s
	}
	c := cleaner{max: max}
	for i := 0; i < len(s) && !c.full; {
		r, n := utf8.DecodeRuneInString(s[i:])
		c.add(r, s[i:i+n])
		i += n
	}
	return string(c.out)
}

// CleanLines splits text at its line feeds and cleans each line as [Clean] does,
// but for tabs: they are structure, as spaces are, and become two of them. With
// maxLines > 0 the lines beyond are left out.
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

// isPlain says that s is nothing but visible ASCII and spaces.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// cleaner writes clean text of a bounded width.
type cleaner struct {
	max   int
	out   []byte
	width int
	marks int // on the character that was written last
	fit   int // how much of out leaves a cell for an ellipsis
	full  bool
}

// add writes one character, whose bytes are raw.
func (c *cleaner) add(r rune, raw string) {
	switch {
	case r < utf8.RuneSelf && r >= ' ' && r != 0x7f:
		c.marks = 0
		c.put(raw, 1)
	case r == utf8.RuneError && len(raw) == 1:
		c.escape(fmt.Sprintf(`\x%02x`, raw[0]))
	case hidden(r):
		c.escape(escape(r))
	case unicode.Is(unicode.M, r):
		c.mark(r, raw)
	default:
		c.marks = 0
		c.put(raw, runeWidth(r))
	}
}

func (c *cleaner) escape(s string) {
	c.marks = 0
	c.put(s, len(s))
}

// mark writes a combining mark. One that has nothing to stand on would climb
// onto whatever the screen has to the left of it.
func (c *cleaner) mark(r rune, raw string) {
	if len(c.out) == 0 {
		c.escape(escape(r))
		return
	}
	switch c.marks++; {
	case c.marks <= maxMarks:
		c.put(raw, runeWidth(r))
	case c.marks == maxMarks+1:
		c.put(ellipsis, 1)
	}
}

// put writes what must not be torn apart, or closes the text where it does not
// fit.
func (c *cleaner) put(s string, width int) {
	if c.max > 0 && c.width+width > c.max {
		c.out = append(c.out[:c.fit], ellipsis...)
		c.full = true
		return
	}
	c.out = append(c.out, s...)
	c.width += width
	if c.width < c.max {
		c.fit = len(c.out)
	}
}

// hidden characters steer a terminal or the reader's eye instead of showing.
// What no table knows is one of them: a terminal may give it any width.
func hidden(r rune) bool {
	return !unicode.IsGraphic(r) || unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

func escape(r rune) string {
	switch {
	case r == '\t':
		return `\t`
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	default:
		return fmt.Sprintf(`\u%04x`, r)
	}
}
