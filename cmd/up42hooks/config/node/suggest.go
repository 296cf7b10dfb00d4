package node

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/receiver/filter/nearest"
)

// Suggestion is the end of an error about an unknown word: the known word that is
// nearest to it, or else all known words.
func Suggestion(word string, known []string) string {
	if near := nearest.Word(word, known); near != "" {
		return fmt.Sprintf(": did you mean %q?", near)
	}
	return "; it must be one of " + strings.Join(known, ", ")
}
