package table

import "strings"

// Filter says which rows are seen.
type Filter[R any] struct {
	// Text is the filter as it was written, Meaning how it was understood:
	// filters that have both in common are the same one.
	Text, Meaning string
	// Match says whether a row passes; nil: all do. It says the same of a row
	// each time, and is called from commands too.
	Match func(R) bool
}

func (f *Filter[R]) same(g *Filter[R]) bool { return f.Text == g.Text && f.Meaning == g.Meaning }

// matching is those of rows that pass; rows itself where all do. A row that
// changed passes or not as it did before: that is how it is found again.
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

// words holds the words that a row must have, and those that it must not, in
// lower case.
type words struct{ with, without []string }

// wordsIn reads words; one behind "-" must be missing. A lone "-" is a word
// that is still being typed.
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

// filterOf makes a filter of words.
func filterOf[R any](text string, textOf func(R) string) Filter[R] {
	f := Filter[R]{Text: text}
	if w := wordsIn(text); !w.empty() {
		f.Match = func(r R) bool { return w.match(textOf(r)) }
	}
	return f
}
