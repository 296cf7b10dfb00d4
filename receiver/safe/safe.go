// Package safe makes errors and texts from outside safe to show: without secrets, and
// without characters that control a terminal. It makes words of a command safe for a shell.
package safe

import (
	"strings"
	"unicode"
)

// Line replaces each character by "?" that could control a terminal or mislead a reader.
func Line(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return '?'
		}
		return r
	}, s)
}

// Shorten cuts a text to a number of characters; the last one is an ellipsis then.
func Shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
