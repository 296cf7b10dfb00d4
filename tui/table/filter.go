package table

import "strings"

// filter holds the words that a row must have, and those that it must not, in
// lower case.
type filter struct {
	text          string // as it was typed
	with, without []string
}

// parseFilter reads words; one behind "-" must be missing. A lone "-" is a word
// that is still being typed.
func parseFilter(text string) filter {
	f := filter{text: text}
	for _, word := range strings.Fields(strings.ToLower(text)) {
		rest, not := strings.CutPrefix(word, "-")
		switch {
		case !not:
			f.with = append(f.with, word)
		case rest != "":
			f.without = append(f.without, rest)
		}
	}
	return f
}

func (f *filter) empty() bool { return len(f.with)+len(f.without) == 0 }

func (f *filter) match(text string) bool {
	text = strings.ToLower(text)
	for _, w := range f.with {
		if !strings.Contains(text, w) {
			return false
		}
	}
	for _, w := range f.without {
		if strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// matching is those of rows that pass; rows itself where there is no filter. A
// row that changed passes or not as it did before: that is how it is found
// again.
func matching[R any](f *filter, text func(R) string, rows []R) []R {
	if f.empty() {
		return rows
	}
	var out []R
	for _, r := range rows {
		if f.match(text(r)) {
			out = append(out, r)
		}
	}
	return out
}
