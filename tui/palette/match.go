package palette

import (
	"strings"
	"unicode"
)

// Points of a match. The letters of a query count more if they follow each other, or begin a word.
const (
	perLetter, perNeighbour, perBeginning, atStart = 1, 4, 6, 3
	wholeKey                                       = 100
)

// match says how well a query matches a text, and which of the text's characters it has. All words
// of the query must be in the text, each with its letters in their order.
func match(query string, text []rune) (points int, at map[int]bool, ok bool) {
	at = map[int]bool{}
	for _, word := range strings.Fields(strings.ToLower(query)) {
		n, where, ok := best([]rune(word), text)
		if !ok {
			return 0, nil, false
		}
		points += n
		for _, i := range where {
			at[i] = true
		}
	}
	return points, at, true
}

// best finds the best place of a word in a text.
func best(word, text []rune) (points int, at []int, ok bool) {
	for from := range text {
		if lower(text[from]) != word[0] {
			continue
		}
		n, where, found := follow(word, text, from)
		if found && (!ok || n > points) {
			points, at, ok = n, where, true
		}
	}
	return points, at, ok
}

// follow matches a word that begins at a character of the text.
func follow(word, text []rune, from int) (points int, at []int, ok bool) {
	if from == 0 {
		points = atStart
	}
	last := from - 2
	for i := from; i < len(text) && len(at) < len(word); i++ {
		if lower(text[i]) != word[len(at)] {
			continue
		}
		points += perLetter
		if i == last+1 {
			points += perNeighbour
		}
		if i == 0 || !letter(text[i-1]) {
			points += perBeginning
		}
		at, last = append(at, i), i
	}
	return points, at, len(at) == len(word)
}

func lower(r rune) rune { return unicode.ToLower(r) }

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
