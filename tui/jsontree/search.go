package jsontree

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Matches returns the lines of which the key or the value has a text, in any case, also those
// inside folded lines. A search in a megabyte takes some milliseconds.
func (t *Tree) Matches(sought string) []int {
	sought = strings.ToLower(sought)
	if sought == "" {
		return nil
	}
	has := t.matcher(sought)
	var found []int
	for i := range t.Len() {
		if has(i) {
			found = append(found, i)
		}
	}
	return found
}

func (t *Tree) matcher(sought string) func(i int) bool {
	if t.plain != nil || !isASCII(sought) {
		return func(i int) bool { return strings.Contains(strings.ToLower(t.Text(i)), sought) }
	}
	lower, what := lowered(t.src), []byte(sought)
	return func(i int) bool {
		l := &t.lines[i]
		value := l.value
		if l.end > 0 || l.closes {
			value = span{} // a bracket
		}
		for _, s := range [...]span{l.key, value} {
			if token := lower[s.from:s.to]; bytes.Contains(token, what) {
				return true
			} else if bytes.IndexByte(token, '\\') >= 0 && strings.Contains(strings.ToLower(unquoted(t.of(s))), sought) {
				return true
			}
		}
		return false
	}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// lowered returns a text with small letters. Other characters than ASCII stay as they are, so
// its length is the same.
func lowered(src []byte) []byte {
	out := bytes.Clone(src)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}
