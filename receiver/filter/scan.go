package filter

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is a part of an expression, in bytes.
type span struct{ pos, end int }

// token is one word of an expression, as typed.
type token struct {
	span
	not     bool
	key     string // empty for text
	keySpan span
	parts   []part // at least one
}

// part is one of the values between commas.
type part struct {
	span
	text   string
	quoted bool
	open   bool // its quote is not closed
	glued  bool // no space or comma follows its quote
}

// scanner splits an expression into words. Every text can be split.
type scanner struct {
	src string
	at  int
}

// next returns the next word; ok is false at the end.
func (s *scanner) next() (t token, ok bool) {
	for s.at < len(s.src) && s.space() > 0 {
		s.at += s.space()
	}
	if s.at == len(s.src) {
		return t, false
	}
	t.pos = s.at
	if s.src[s.at] == '-' {
		t.not = true
		s.at++
	}
	if n := keyLen(s.src[s.at:]); n > 0 {
		t.keySpan = span{s.at, s.at + n}
		t.key = s.src[s.at : s.at+n]
		s.at += n + 1
	}
	t.parts = append(t.parts, s.part(t.key != ""))
	for t.key != "" && s.at < len(s.src) && s.src[s.at] == ',' {
		s.at++
		t.parts = append(t.parts, s.part(true))
	}
	t.end = s.at
	return t, true
}

// keyLen returns the number of letters before a colon, 0 if s does not begin with a key.
// The colon of a URL such as https:// does not count.
func keyLen(s string) int {
	n := 0
	for n < len(s) && 'a' <= lower(s[n]) && lower(s[n]) <= 'z' {
		n++
	}
	if n == len(s) || s[n] != ':' || strings.HasPrefix(s[n:], "://") {
		return 0
	}
	return n
}

// part reads up to a space; in a list, also up to a comma.
func (s *scanner) part(list bool) part {
	if s.at < len(s.src) && s.src[s.at] == '"' {
		return s.quoted(list)
	}
	p := part{span: span{s.at, s.at}}
	p.text = s.rest(list)
	p.end = s.at
	return p
}

// quoted reads a text in quotes.
func (s *scanner) quoted(list bool) part {
	p := part{span: span{s.at, s.at}, quoted: true, open: true}
	var text strings.Builder
	for s.at++; s.at < len(s.src); s.at++ {
		c := s.src[s.at]
		if c == '"' {
			p.open = false
			s.at++
			break
		}
		if c == '\\' && s.at+1 < len(s.src) && (s.src[s.at+1] == '"' || s.src[s.at+1] == '\\') {
			s.at++
			c = s.src[s.at]
		}
		text.WriteByte(c)
	}
	p.text = text.String()
	p.glued = s.rest(list) != ""
	p.end = s.at
	return p
}

// rest skips to the next space; in a list, also to the next comma. It returns what it
// skipped.
func (s *scanner) rest(list bool) string {
	from := s.at
	for s.at < len(s.src) && s.space() == 0 && (!list || s.src[s.at] != ',') {
		_, n := utf8.DecodeRuneInString(s.src[s.at:])
		s.at += n
	}
	return s.src[from:s.at]
}

// space returns the length of the space at the current position, 0 if there is another
// character.
func (s *scanner) space() int {
	if r, n := utf8.DecodeRuneInString(s.src[s.at:]); unicode.IsSpace(r) {
		return n
	}
	return 0
}

// quoteText quotes a text if it would not be parsed as text otherwise.
func quoteText(s string) string {
	if s[0] == '-' || s[0] == '"' || keyLen(s) > 0 || strings.EqualFold(s, string(Final)) || strings.ContainsFunc(s, unicode.IsSpace) {
		return quote(s)
	}
	return s
}

// quoteValue quotes a value if it would not be parsed as one value otherwise.
func quoteValue(s string) string {
	if s[0] == '"' || strings.HasPrefix(s, "//") || strings.Contains(s, ",") || strings.ContainsFunc(s, unicode.IsSpace) {
		return quote(s)
	}
	return s
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
