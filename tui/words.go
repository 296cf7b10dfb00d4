package tui

import "strings"

// tilde writes ~ for the user's home folder, in which most files lie.
func (m *Model) tilde(words string) string {
	home := strings.TrimRight(m.o.Home, "/")
	if home == "" {
		return words
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(words, home+"/")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if before != "" && !strings.ContainsAny(before[len(before)-1:], " \t\"'`(=:") {
			b.WriteString(home + "/") // within another path
		} else {
			b.WriteString("~/")
		}
		words = after
	}
}
