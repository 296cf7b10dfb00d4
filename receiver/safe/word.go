package safe

import "strings"

// Word returns a word of a command that a shell takes as it is: in quotes if that is necessary.
func Word(s string) string {
	if s != "" && !strings.ContainsFunc(s, meansMore) {
		return s
	}
	return quoted(s)
}

// meansMore reports whether a character may have a meaning for a shell.
func meansMore(r rune) bool {
	return !strings.ContainsRune(plain, r) && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
}
