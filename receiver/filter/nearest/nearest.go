// Package nearest finds the word that was probably meant: a key or a value of a
// filter, a command, a flag or a setting that somebody mistyped.
package nearest

import "strings"

// longest is the longest word, in bytes, that may be a mistyped one: it comes
// from outside, and comparing takes time.
const longest = 64

// Word returns the known word closest to the given one, "" where none is close
// enough to be worth proposing. Case does not count; of two equally close
// words the first wins.
func Word(given string, known []string) string {
	given = strings.ToLower(given)
	if len(given) > longest {
		return ""
	}
	best, least := "", 1+max(2, len(given)/3)
	for _, word := range known {
		if d := distance(given, strings.ToLower(word)); d < least && d < len(word) {
			best, least = word, d
		}
	}
	if best == "" && len(given) > 1 {
		for _, word := range known {
			if strings.HasPrefix(strings.ToLower(word), given) {
				return word
			}
		}
	}
	return best
}

// distance counts the letters to insert, remove, replace or swap with their
// neighbour that lead from a to b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
