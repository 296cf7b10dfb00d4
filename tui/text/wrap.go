package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Wrap breaks clean text at spaces into lines of at most width cells. A word that
// is longer than a line is broken at the line's end. With most > 0 there are at
// most that many lines, and the last one ends with an ellipsis if the text is
// longer. Runs of spaces become one.
func Wrap(s string, width, most int) (lines []string) {
	rest := strings.Join(strings.Fields(s), " ")
	for wider(rest, max(1, width)) && (most <= 0 || len(lines)+1 < most) {
		n := lineEnd(rest, max(1, width))
		lines = append(lines, strings.TrimRight(rest[:n], " "))
		rest = strings.TrimLeft(rest[n:], " ")
	}
	return append(lines, Cut(rest, width))
}

// wider reports whether clean text takes more than width cells. It looks only at the part that it
// needs, as a text may be long.
func wider(s string, width int) bool {
	for _, r := range s {
		if width -= runeWidth(r); width < 0 {
			return true
		}
	}
	return false
}

// WrapWords is [Wrap] without a limit of lines, but keeps words whole, such as paths
// and URLs that a user may want to copy. A word that is longer than a line has a
// longer line of its own.
func WrapWords(s string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(s) {
		switch {
		case line == "":
			line = word
		case Width(line)+1+Width(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	return append(lines, line)
}

// Message fits lines of clean text into width cells and height lines: it breaks those that are too
// wide between their words, and all parts begin where the line begins. If there are too many lines
// then, it leaves out empty ones.
func Message(lines []string, width, height int) (out []string) {
	for _, l := range lines {
		words := strings.TrimLeft(l, " ")
		before := len(l) - len(words)
		if Width(l) <= width {
			out = append(out, l)
			continue
		}
		for _, part := range WrapWords(words, width-before) {
			out = append(out, Spaces(before)+part)
		}
	}
	if len(out) > height {
		out = slices.DeleteFunc(out, func(l string) bool { return l == "" })
	}
	return out
}

// lineEnd returns where the first line of a text ends that is wider than width. It
// is never 0.
func lineEnd(s string, width int) int {
	end, space, w := 0, 0, 0
	for i, r := range s {
		if r == ' ' {
			space = i
		}
		if w += runeWidth(r); w > width {
			break
		}
		end = i + utf8.RuneLen(r)
	}
	switch {
	case s[end] == ' ':
		return end
	case space > 0 && space < end:
		return space
	default:
		_, first := utf8.DecodeRuneInString(s)
		return max(end, first)
	}
}
