package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Two joiners and two variation selectors belong to the text where they stand: without them
// Persian is misspelt, and an emoji of several parts falls apart. Anywhere else they only hide
// something: "FUL\u200dFILLED" would look like "FULFILLED".
const (
	nonJoiner      = '\u200c' // keeps two letters apart
	joiner         = '\u200d' // joins two letters, or two emoji
	textSelector   = '\ufe0e' // draws the symbol before it as text
	emojiSelector  = '\ufe0f' // draws the symbol before it as an emoji
	enclosedKeycap = '\u20e3'
)

// joining are the scripts whose letters change with their neighbours.
var joining = []*unicode.RangeTable{
	unicode.Adlam, unicode.Arabic, unicode.Balinese, unicode.Bengali, unicode.Devanagari, unicode.Gujarati, unicode.Gurmukhi,
	unicode.Javanese, unicode.Kannada, unicode.Khmer, unicode.Malayalam, unicode.Mandaic, unicode.Mongolian, unicode.Myanmar,
	unicode.Nko, unicode.Oriya, unicode.Sinhala, unicode.Syriac, unicode.Tamil, unicode.Telugu, unicode.Tibetan,
}

// joins reports whether a joiner belongs between two characters. base is the last character
// that is no mark.
func joins(base, r, next rune) bool {
	switch r {
	case joiner:
		return joinsLetters(base, next) || isEmoji(base) && isEmoji(next)
	case nonJoiner:
		return joinsLetters(base, next)
	default:
		return false
	}
}

func joinsLetters(base, next rune) bool {
	return unicode.In(base, joining...) && (unicode.In(next, joining...) || unicode.Is(unicode.M, next))
}

// selects reports whether a variation selector belongs between two characters.
func selects(base, r, next rune) bool {
	switch r {
	case textSelector, emojiSelector:
		return isEmoji(base) || next == enclosedKeycap && (base == '#' || base == '*' || '0' <= base && base <= '9')
	default:
		return false
	}
}

// isEmoji reports whether a character may be a part of an emoji: a symbol that is not ASCII, a
// skin tone, or one of four signs.
func isEmoji(r rune) bool {
	switch r {
	case '‼', '⁉', '〰', '〽':
		return true
	case utf8.RuneError: // a symbol, too
		return false
	}
	return r > unicode.MaxASCII && (unicode.In(r, unicode.So, unicode.Sm) || '\U0001f3fb' <= r && r <= '\U0001f3ff')
}

// trimJoiner removes a joiner from the end of a text that is cut there.
func trimJoiner(s string) string { return strings.TrimRight(s, string(nonJoiner)+string(joiner)) }
