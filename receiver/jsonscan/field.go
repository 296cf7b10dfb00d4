package jsonscan

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Field has room for the name of a field.
type Field [24]byte

// Fold returns the field that a name means, in lower case: as in encoding/json, upper and
// lower case count alike. The name is as it is between its quotes. The result is nil if
// it is not in ASCII or too long, so that it is no field of ours.
func Fold(f *Field, name []byte) []byte {
	if bytes.IndexByte(name, '\\') >= 0 {
		name = unquote(name)
	}
	n := 0
	for i := 0; i < len(name); n++ {
		r, size := rune(name[i]), 1
		switch {
		case 'A' <= r && r <= 'Z':
			r += 'a' - 'A'
		case r >= utf8.RuneSelf:
			r, size = utf8.DecodeRune(name[i:])
			r = ascii(r)
		}
		if r == 0 || n == len(f) {
			return nil
		}
		f[n] = byte(r)
		i += size
	}
	return f[:n]
}

// ascii returns the letter in ASCII that a character is in another case, 0 if there is
// none.
func ascii(r rune) rune {
	switch r {
	case 'ſ':
		return 's'
	case '\u212a': // the sign for kelvin
		return 'k'
	default:
		return 0
	}
}

// unquote decodes a name with escapes.
func unquote(name []byte) []byte {
	quoted := append(append([]byte{'"'}, name...), '"')
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return nil
	}
	return []byte(s)
}
