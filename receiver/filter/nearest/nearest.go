// Package nearest finds the word that a user probably meant when they mistyped a command,
// a flag, a setting, or a key or value of a filter.
package nearest

import (
	"slices"
	"strings"
)

// longest is the length in bytes up to which a word is compared. Comparing takes time, and
// the word comes from outside.
const longest = 64

// Word returns the known word that is most similar to the given one. It returns "" if no
// word is similar enough to be proposed. Upper and lower case count alike; of two equally
// similar words the one wins that begins like the given one.
func Word(given string, known []string) string {
	given = strings.ToLower(given)
	if len(given) > longest {
		return ""
	}
	if best := closest(given, known, max(1, (len(given)+1)/3)); best != "" {
		return best
	}
	if best := beginning(given, known, 2); best != "" {
		return best
	}
	return beginningSlip(given, known)
}

// beginningSlip returns the first known word that begins with the given one, but for one edit.
func beginningSlip(given string, known []string) string {
	n := len([]rune(given))
	for _, word := range known {
		letters := []rune(strings.ToLower(word))
		for _, end := range []int{n, n - 1, n + 1} {
			if n >= 5 && end <= len(letters) && distance(given, string(letters[:end])) == 1 {
				return word
			}
		}
	}
	return ""
}

// Slip is Word for a word that may be right, because somebody else may know it: it returns
// only what the given word hardly fails to be. That is a known word with a slip in five
// letters, one that begins with the given word, or one that the given word begins with, before a dash.
func Slip(given string, known []string) string {
	given = strings.ToLower(given)
	if len(given) > longest {
		return ""
	}
	if best := closest(given, known, max(1, len(given)/5)); best != "" {
		return best
	}
	if best := beginning(given, known, 4); best != "" {
		return best
	}
	for end := strings.LastIndexByte(given, '-'); end > 0; end = strings.LastIndexByte(given[:end], '-') {
		if slices.Contains(known, given[:end]) {
			return given[:end]
		}
	}
	return ""
}

// closest returns the known word with the fewest edits, and at most so many. Of several such
// words the one wins that begins with the most letters of the given one.
func closest(given string, known []string, most int) string {
	best, least, shared := "", 1+most, -1
	for _, word := range known {
		lower := strings.ToLower(word)
		d, n := distance(given, lower), common(given, lower)
		if d < len(word) && (d < least || d == least && best != "" && n > shared) {
			best, least, shared = word, d, n
		}
	}
	return best
}

// common counts the bytes with which both words begin.
func common(a, b string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// beginning returns the first known word that begins with the given one, if that has
// enough letters.
func beginning(given string, known []string, letters int) string {
	for _, word := range known {
		if len(given) >= letters && strings.HasPrefix(strings.ToLower(word), given) {
			return word
		}
	}
	return ""
}

// distance counts the edits that turn a into b. An edit inserts, removes or replaces a
// letter, or swaps two neighbours.
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
