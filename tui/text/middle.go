package text

import "strings"

// URL is a URL in so many cells: what most have in common goes first, then its
// middle.
func URL(url string, width int) string {
	if Width(url) > width {
		url = strings.TrimPrefix(url, "https://")
	}
	return Middle(url, width)
}

// Middle is clean text in so many cells, without its middle where it is longer:
// what tells texts apart is mostly at their ends. In less than five cells it is
// left as it is.
func Middle(s string, width int) string {
	if width < 5 || Width(s) <= width {
		return s
	}
	runes := []rune(s)
	head, tail := 0, len(runes)
	for Width(string(runes[:head+1])) <= (width-1)/2 {
		head++
	}
	for Width(string(runes[tail-1:])) <= width-1-Width(string(runes[:head])) {
		tail--
	}
	return string(runes[:head]) + ellipsis + string(runes[tail:])
}
