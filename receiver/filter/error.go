package filter

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

// Error points at a word of an expression that is not valid.
type Error struct {
	// Expr is the expression. Expr[Pos:End] is the part that is wrong, in bytes; it is
	// empty if something is missing there.
	Expr     string
	Pos, End int
	// Msg says what is wrong.
	Msg string
	// Suggestion is what the user probably meant instead of Expr[Pos:End]. It is empty
	// if no known word is similar.
	Suggestion string
	// Unfinished means that the end of the expression is wrong, so a user who is typing
	// may still be at it.
	Unfinished bool
}

// Error returns one line that is safe to print.
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
	b.WriteString(e.Problem())
	return b.String()
}

// Problem says what is wrong, and what was probably meant. It does not repeat the word.
func (e *Error) Problem() string {
	if e.Suggestion == "" {
		return e.Msg
	}
	return fmt.Sprintf("%s; did you mean %q?", e.Msg, e.Suggestion)
}

// Caret returns two lines that are safe to print: the expression, and marks below the
// part that is wrong.
func (e *Error) Caret() string {
	before, word := visible(e.Expr[:e.Pos]), visible(e.Expr[e.Pos:e.End])
	return before + word + visible(e.Expr[e.End:]) + "\n" +
		strings.Repeat(" ", displaywidth.String(before)) + strings.Repeat("^", max(1, displaywidth.String(word)))
}

// visible replaces characters that control a terminal by "?", and each kind of space by
// a space.
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
