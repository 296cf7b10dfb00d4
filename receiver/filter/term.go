package filter

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver/filter/nearest"
)

// term is one word of an expression.
type term struct {
	source string // the expression
	span
	not    bool
	key    Key  // as written; the values of is: have other keys
	bare   bool // "final", without a value
	values []value
	spans  []span // of the values
}

// newTerm reads a word. If it returns an error, the term has only the valid values.
func newTerm(expr string, tok *token) (t term, first *Error) {
	t = term{source: expr, span: tok.span, not: tok.not, key: Key(strings.ToLower(tok.key))}
	if t.key != Text && t.key.info() == nil {
		return t, &Error{
			Expr: expr, Pos: tok.keySpan.pos, End: tok.keySpan.end,
			Msg: "no such key; in quotes it is text", Suggestion: nearest.Word(tok.key, texts(Keys()...)),
		}
	}
	if p := tok.parts[0]; t.key == Text && !p.quoted && strings.EqualFold(p.text, string(Final)) {
		t.key, t.bare = Final, true
		t.values, t.spans = []value{{key: Final, yes: true}}, []span{p.span}
		return t, nil
	}
	for _, p := range tok.parts {
		v, err := t.read(p)
		if err != nil && first == nil {
			err.Expr, err.Pos, err.End = expr, p.pos, p.end
			first = err
		}
		if v.text != "" {
			t.values, t.spans = append(t.values, v), append(t.spans, p.span)
		}
	}
	return t, first
}

// read reads a value. It also returns the value if only the closing quote is missing.
func (t *term) read(p part) (value, *Error) {
	switch {
	case p.glued:
		return value{}, &Error{Msg: "a space is missing behind its quote"}
	case p.text == "" && t.key != Text:
		return value{}, &Error{Msg: string(t.key) + ": a value is missing"}
	case p.text == "":
		return value{}, &Error{Msg: "a word is missing"}
	}
	v := newValue(t.key, p.text)
	if info := t.key.info(); info != nil {
		if err := info.read(&v, info.values); err != nil {
			return value{}, valueError(info, p.text, err)
		}
	}
	if p.open {
		return v, &Error{Msg: "its quote is not closed"}
	}
	return v, nil
}

// valueError describes what is wrong with a value. The caller adds the place.
func valueError(info *keyInfo, text string, err error) *Error {
	const maxListed = 10
	if !errors.Is(err, errValue) {
		return &Error{Msg: string(info.key) + ": " + err.Error()}
	}
	e := &Error{Suggestion: nearest.Word(text, info.values)}
	last := len(info.values) - 1
	if last >= maxListed {
		e.Msg = "no such " + string(info.key)
		return e
	}
	e.Msg = fmt.Sprintf("%s: want %s", info.key, list(info.values))
	return e
}

// extend turns an unknown status or event at the end of the expression into a pattern,
// as the user may not have typed all of it.
func (t *term) extend() {
	if len(t.values) == 0 || t.spans[len(t.spans)-1].end != t.end || !t.key.open() {
		return
	}
	v := &t.values[len(t.values)-1]
	if v.pattern || v.isOneOf(t.key.Values()) {
		return
	}
	v.text, v.want, v.pattern = v.text+"*", v.want+"*", true
}

// unknownValues describes the statuses and events that UP42 does not document.
func (t *term) unknownValues() (out []*Error) {
	if !t.key.open() {
		return nil
	}
	known := t.key.Values()
	for i := range t.values {
		if v := &t.values[i]; !v.isOneOf(known) {
			out = append(out, &Error{
				Expr: t.source, Pos: t.spans[i].pos, End: t.spans[i].end,
				Msg: "UP42 documents no such " + string(t.key), Suggestion: nearest.Word(v.want, known),
			})
		}
	}
	return out
}

// matches reports whether a subject has one of the values, or no value of these if the word
// is behind "-".
func (t *term) matches(s *Subject, now time.Time) bool {
	for i := range t.values {
		if t.values[i].matches(s, now) {
			return !t.not
		}
	}
	return t.not
}

func (t *term) String() string {
	var b strings.Builder
	if t.not {
		b.WriteByte('-')
	}
	switch {
	case t.bare:
		b.WriteString(string(Final))
		return b.String()
	case t.key == Text:
		b.WriteString(quoteText(t.values[0].text))
		return b.String()
	}
	b.WriteString(string(t.key) + ":")
	for i := range t.values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quoteValue(t.values[i].text))
	}
	return b.String()
}
