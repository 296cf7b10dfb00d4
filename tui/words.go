package tui

import (
	"strings"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/tui/text"
)

// breakWords breaks clean words at spaces into lines of at most width cells, and
// no more lines than most: the last one is cut where there is too little room. A
// word that is longer than a line is broken where that ends.
func breakWords(words string, width, most int) (lines []string) {
	rest := strings.Join(strings.Fields(words), " ")
	for len(lines)+1 < most && text.Width(rest) > width {
		n := lineEnd(rest, max(1, width))
		lines = append(lines, strings.TrimRight(rest[:n], " "))
		rest = strings.TrimLeft(rest[n:], " ")
	}
	return append(lines, cut(rest, width))
}

// lineEnd is where in words that are wider than that the first line ends.
func lineEnd(words string, width int) int {
	end, space, w := 0, 0, 0
	for i, r := range words {
		if r == ' ' {
			space = i
		}
		if w += text.Width(string(r)); w > width {
			break
		}
		end = i + len(string(r))
	}
	switch {
	case words[end] == ' ':
		return end
	case space > 0 && space < end:
		return space
	default:
		_, first := utf8.DecodeRuneInString(words)
		return max(end, first)
	}
}

// cut is clean text with an ellipsis at its end where it is too wide.
func cut(s string, width int) string {
	if text.Width(s) <= width {
		return s
	}
	return text.Fit(s, width)
}

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
