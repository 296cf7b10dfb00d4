package filter

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

// Error points at a word of an expression that can't be meant.
type Error struct {
	// Expr is the expression, Expr[Pos:End] what is wrong in it: both are
	// offsets in bytes. Pos and End are equal where something is missing.
	Expr     string
	Pos, End int
	// Msg says what is wrong.
	Msg string
	// Suggestion is what probably was meant in the place of Expr[Pos:End]; "":
	// nothing is near.
	Suggestion string
	// Unfinished: it is the end of the expression that is wrong, where somebody
	// who types it still is.
	Unfinished bool
}

// Error says it in one line, which is safe to print.
func (e *Error) Error() string {
	const longest = 40
	var b strings.Builder
	b.WriteString("filter: ")
	if word := e.Expr[e.Pos:e.End]; word != "" {
		if utf8.RuneCountInString(word) > longest {
			word = string([]rune(word)[:longest]) + "…"
		}
		fmt.Fprintf(&b, "%q: ", word)
	}
	b.WriteString(e.Msg)
	if e.Suggestion != "" {
		fmt.Fprintf(&b, "; did you mean %q?", e.Suggestion)
	}
	return b.String()
}

// Caret is the expression and, in a second line, marks below what is wrong. It
// is safe to print.
func (e *Error) Caret() string {
	before, word := visible(e.Expr[:e.Pos]), visible(e.Expr[e.Pos:e.End])
	return before + word + visible(e.Expr[e.End:]) + "\n" +
		strings.Repeat(" ", displaywidth.String(before)) + strings.Repeat("^", max(1, displaywidth.String(word)))
}

// visible puts a "?" for what a terminal could obey, and a space for any space.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, !unicode.IsGraphic(r), unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
			return '?'
		default:
			return r
		}
	}, s)
}
