package notify

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxListed is how many different words a text lists.
const maxListed = 4

// wordCounts counts words.
type wordCounts []wordCount

type wordCount struct {
	word string
	n    int
}

func (c *wordCounts) add(word string, n int) {
	for i := range *c {
		if (*c)[i].word == word {
			(*c)[i].n += n
			return
		}
	}
	*c = append(*c, wordCount{word, n})
}

// String lists the words with their numbers, the most frequent ones first.
func (c wordCounts) String() string {
	if len(c) == 1 {
		if c[0].n == 1 {
			return c[0].word
		}
		return "all " + c[0].word
	}
	slices.SortStableFunc(c, func(a, b wordCount) int { return cmp.Compare(b.n, a.n) })
	var out []string
	others := 0
	for i, w := range c {
		if i < maxListed {
			out = append(out, fmt.Sprintf("%d %s", w.n, w.word))
		} else {
			others += w.n
		}
	}
	if others > 0 {
		out = append(out, counted(others, "other", "others"))
	}
	return strings.Join(out, ", ")
}

// counted returns a number with a noun in the singular or plural.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// listed joins different words, as far as there is room.
func listed(words []string) string {
	if more := len(words) - maxListed; more > 0 {
		words = append(words[:maxListed], fmt.Sprintf("%d more", more))
	}
	return strings.Join(words, ", ")
}
