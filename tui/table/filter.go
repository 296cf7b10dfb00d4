package table

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/tui/keys"
)

// Filter says which rows are in the view.
type Filter[R any] struct {
	// Text is the filter as the user wrote it, and Meaning how it was understood.
	// Filters with the same Text and Meaning are the same filter.
	Text, Meaning string
	// Match reports whether a row passes. Nil: all rows pass. For the same row it
	// must always return the same. Commands call it too, concurrently with the
	// table.
	Match func(R) bool
	// Words are marked in the rows.
	Words []Word
}

// NoMatch returns the lines to show if no row passes the filter. first is the first
// line.
func NoMatch(first string, k *keys.Map) []string {
	if k == nil {
		k = keys.New()
	}
	return []string{first, "", fmt.Sprintf("%s clears it; %s changes it.", keys.First(k.Back), keys.First(k.Filter))}
}

// NothingMatches is the usual first line of [NoMatch].
const NothingMatches = "Nothing matches the filter."

func (f *Filter[R]) same(g *Filter[R]) bool { return f.Text == g.Text && f.Meaning == g.Meaning }

// matching returns the rows that pass. Without a Match it returns rows itself.
func (f *Filter[R]) matching(rows []R) []R {
	if f.Match == nil {
		return rows
	}
	var out []R
	for _, r := range rows {
		if f.Match(r) {
			out = append(out, r)
		}
	}
	return out
}

// words are the words that a row must have, and those that it must not have, in
// lower case.
type words struct{ with, without []string }

// wordsIn parses words. It ignores a "-" without a word, as the user may still be
// typing the word.
func wordsIn(text string) words {
	var w words
	for _, word := range strings.Fields(strings.ToLower(text)) {
		rest, not := strings.CutPrefix(word, "-")
		switch {
		case !not:
			w.with = append(w.with, word)
		case rest != "":
			w.without = append(w.without, rest)
		}
	}
	return w
}

func (w *words) empty() bool { return len(w.with)+len(w.without) == 0 }

func (w *words) match(text string) bool {
	text = strings.ToLower(text)
	for _, word := range w.with {
		if !strings.Contains(text, word) {
			return false
		}
	}
	for _, word := range w.without {
		if strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// filterOf returns a filter for words.
func filterOf[R any](text string, textOf func(R) string) Filter[R] {
	f := Filter[R]{Text: text}
	if w := wordsIn(text); !w.empty() {
		f.Match = func(r R) bool { return w.match(textOf(r)) }
		for _, word := range w.with {
			f.Words = append(f.Words, Word{Text: word})
		}
	}
	return f
}
