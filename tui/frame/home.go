package frame

import (
	"os"
	"strings"
)

// Home is the user's home folder. It may be empty.
type Home string

// Shorten writes ~ for the home folder in the paths of a text.
func (h Home) Shorten(words string) string {
	const separator = string(os.PathSeparator)
	home := strings.TrimRight(string(h), separator)
	if home == "" {
		return words
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(words, home+separator)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if before != "" && !strings.ContainsAny(before[len(before)-1:], " \t\"'`(=:") {
			b.WriteString(home + separator) // within another path
		} else {
			b.WriteString("~" + separator)
		}
		words = after
	}
}
