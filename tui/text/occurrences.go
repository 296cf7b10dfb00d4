package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Range is a part of a text, in bytes.
type Range struct{ From, To int }

// Occurrences returns where a text has another one, in any case, from the start on. They do not
// overlap.
func Occurrences(s, sought string) (all []Range) {
	if sought == "" {
		return nil
	}
	for at := 0; at < len(s); {
		n, ok := prefix(s[at:], sought)
		if ok {
			all = append(all, Range{at, at + n})
			at += n
			continue
		}
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return all
}

// prefix reports whether s starts with a text, in any case, and how many bytes of s that takes.
func prefix(s, sought string) (n int, ok bool) {
	for sought != "" {
		a, size := utf8.DecodeRuneInString(s[n:])
		b, width := utf8.DecodeRuneInString(sought)
		if size == 0 || a != b && unicode.ToLower(a) != unicode.ToLower(b) {
			return 0, false
		}
		n, sought = n+size, sought[width:]
	}
	return n, true
}

// Has reports whether a text has another one, in any case.
func Has(s, sought string) bool {
	return strings.Contains(s, sought) || len(Occurrences(s, sought)) > 0
}
