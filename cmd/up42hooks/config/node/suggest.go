package node

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/receiver/filter/nearest"
)

// Suggestion is the end of an error about an unknown word: the known word that is
// nearest to it, or those that begin with the same word before a dash, or else all known words.
func Suggestion(word string, known []string) string {
	near, family := nearest.Word(word, known), familyOf(word, known)
	if len(family) > 1 {
		near = nearest.Slip(word, known) // the common beginning makes different words similar
	}
	switch {
	case near != "":
		return fmt.Sprintf(": did you mean %q?", near)
	case len(family) > 1:
		return "; those with this beginning are " + strings.Join(family, ", ")
	default:
		return "; it must be one of " + strings.Join(known, ", ")
	}
}

// familyOf returns the known words that begin like a word, up to its first dash.
func familyOf(word string, known []string) (out []string) {
	first, _, ok := strings.Cut(word, "-")
	for _, k := range known {
		if ok && strings.HasPrefix(k, first+"-") {
			out = append(out, k)
		}
	}
	return out
}
