package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// URL shortens a clean URL to width cells: it leaves out "https://" or "http://", and if that is
// not enough, the start of the path, and then the middle of the host.
func URL(url string, width int) string {
	if Width(url) <= width {
		return url
	}
	url = strings.TrimPrefix(strings.TrimPrefix(url, "https://"), "http://")
	host, path, found := strings.Cut(url, "/")
	if Width(url) <= width || !found || strings.HasSuffix(host, ":") {
		return Middle(url, width)
	}
	const leastPath = 3 // "/" or "…" and the end
	room := width - Width(host)
	if room < leastPath {
		return Middle(host, width)
	}
	return host + ellipsis + end("/"+path, room-1)
}

// end returns the end of clean text that takes at most width cells.
func end(s string, width int) string {
	w := 0
	for i := len(s); i > 0; {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		if w += runeWidth(r); w > width {
			return s[i:]
		}
		i -= n
	}
	return s
}

// Middle shortens clean text to width cells by an ellipsis in the middle, as texts
// mostly differ at their ends. It does not shorten to less than five cells.
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
	for tail < len(runes) && unicode.In(runes[tail], unicode.M, unicode.Cf) {
		tail++ // it belongs to a character that is left out
	}
	return trimJoiner(string(runes[:head])) + ellipsis + string(runes[tail:])
}
