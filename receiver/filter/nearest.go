package filter

import (
	"slices"
	"strings"
)

// nearest is the known word that a mistyped one is closest to, "" where none is
// close enough to be proposed.
func nearest(given string, known []string) string {
	const longest = 64
	given = strings.ToLower(given)
	if len(given) > longest {
		return ""
	}
	best, least := "", 1+max(1, len(given)/3)
	for _, word := range known {
		if d := distance(given, strings.ToLower(word)); d < least && d < len(word) {
			best, least = word, d
		}
	}
	if best != "" || given == "" {
		return best
	}
	i := slices.IndexFunc(known, func(word string) bool { return prefixFold(word, given) })
	if i < 0 {
		return ""
	}
	return known[i]
}

// distance is how many bytes must be put in, taken out, replaced, or swapped
// with their neighbour to make b of a.
func distance(a, b string) int {
	older, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			replaced := last[j]
			if a[i] != b[j] {
				replaced++
			}
			row[j+1] = min(replaced, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], older[j-1]+1)
			}
		}
		older, last = last, row
	}
	return last[len(b)]
}
