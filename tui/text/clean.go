package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is the largest number of combining marks on a character. No living script
// needs more. An ellipsis replaces the others.
const maxMarks = 4

// Clean makes text from outside safe to print in one line. It replaces characters
// that control a terminal or mislead the reader by escapes: control, format,
// private, bidirectional, invisible and unassigned characters, line separators and
// variation selectors become \u001b and the like; tab, line feed and carriage return
// become \t, \n and \r; a byte that is not UTF-8 becomes \xff. Joiners and selectors
// stay where letters or emoji need them. With max > 0 the result has at most max
// cells; if Clean cuts, the last cell is an ellipsis.
func Clean(s string, max int) string {
	if isPlain(s) && (max <= 0 || len(s) <= max) {
		return s
	}
	c := cleaner{max: max}
	for i := 0; i < len(s) && !c.full; {
		r, n := utf8.DecodeRuneInString(s[i:])
		next, _ := utf8.DecodeRuneInString(s[i+n:])
		c.add(r, s[i:i+n], next)
		i += n
	}
	return string(c.out)
}

// CleanLines splits text at line feeds and cleans each line with [Clean]. Tabs
// become two spaces. With maxLines > 0 it returns at most that many lines.
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

// isPlain reports whether s has only visible ASCII characters and spaces.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// cleaner writes clean text up to a width.
type cleaner struct {
	max   int
	out   []byte
	width int
	base  rune   // the last character that is no mark, 0 after an escape
	marks int    // on base
	join  string // what joins base to the next character
	fit   int    // the length of the longest start of out that leaves a cell for an ellipsis
	full  bool
}

// add writes one character. raw are its bytes, next is the character after it.
func (c *cleaner) add(r rune, raw string, next rune) {
	switch {
	case r < utf8.RuneSelf && r >= ' ' && r != 0x7f:
		c.char(r, raw, 1)
	case r == utf8.RuneError && len(raw) == 1:
		c.escape(fmt.Sprintf(`\x%02x`, raw[0]))
	case joins(c.base, r, next):
		c.join = raw
	case c.marks == 0 && selects(c.base, r, next):
		c.selector(r, raw)
	case hidden(r):
		c.escape(escape(r))
	case unicode.Is(unicode.M, r):
		c.mark(r, raw)
	default:
		c.char(r, raw, runeWidth(r))
	}
}

func (c *cleaner) char(r rune, raw string, width int) {
	c.base, c.marks = r, 0
	c.put(raw, width)
}

// selector writes a variation selector. It leaves out one that changes nothing: a wide
// character is drawn as an emoji anyway.
func (c *cleaner) selector(r rune, raw string) {
	if r == emojiSelector && runeWidth(c.base) > 1 {
		c.marks++
		return
	}
	c.mark(r, raw)
}

func (c *cleaner) escape(s string) {
	c.base, c.marks = 0, 0
	c.put(s, len(s))
}

// mark writes a combining mark. At the start of the text it writes an escape, as
// the mark would combine with whatever the screen has to the left.
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

// put writes a part that must stay together. If it does not fit, put ends the text
// with an ellipsis.
func (c *cleaner) put(s string, width int) {
	s, c.join = c.join+s, ""
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

// hidden reports whether a character is invisible or controls the terminal.
// Unassigned characters are hidden too, as a terminal may give them any width.
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
