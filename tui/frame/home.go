package frame

import (
	"os"
	"strings"
)

// Home is the user's home folder. It may be empty.
type Home string

// Shorten writes ~ for the home folder in the paths of a text.
func (h Home) Shorten(words string) string {
	home := string(h)
	for home != "" && os.IsPathSeparator(home[len(home)-1]) {
		home = home[:len(home)-1]
	}
	if home == "" {
		return words
	}
	var b strings.Builder
	for done := 0; ; {
		i := strings.Index(words[done:], home)
		if i < 0 {
			b.WriteString(words[done:])
			return b.String()
		}
		begin, end := done+i, done+i+len(home)
		b.WriteString(words[done:begin])
		if end < len(words) && os.IsPathSeparator(words[end]) && beginsPath(words[:begin]) {
			b.WriteByte('~')
		} else {
			b.WriteString(home)
		}
		done = end
	}
}

// beginsPath reports whether what follows a text is not within another path.
func beginsPath(before string) bool {
	return before == "" || strings.ContainsAny(before[len(before)-1:], " \t\"'`(=:")
}
