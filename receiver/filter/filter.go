package filter

import (
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver/filter/nearest"
)

// Filter is an expression, understood. It is not changed once made, and safe
// for concurrent use. A nil Filter, as the zero one, lets everything pass.
type Filter struct {
	terms []term
}

// term is one word of an expression.
type term struct {
	source string // the expression
	span
	not    bool
	key    Key  // as written: is: is not resolved
	bare   bool // "final", without a value
	values []value
	spans  []span // of the values
}

// Parse reads an expression; "" lets everything pass. Its error is an *[Error].
func Parse(expr string) (*Filter, error) {
	f, err := read(expr, false)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// ParseTyping reads an expression that is being typed: what is wrong in it is
// left out, as far as the next comma or space. It always returns a filter, and
// with it the first thing that is wrong, an *[Error] or nil. A status or an
// event's name at the end, which UP42 does not document, is taken for the
// beginning of one.
func ParseTyping(expr string) (*Filter, error) {
	f, err := read(expr, true)
	if err != nil {
		return f, err
	}
	return f, nil
}

func read(expr string, typing bool) (*Filter, *Error) {
	f := &Filter{}
	var first *Error
	s := scanner{src: expr}
	for {
		tok, ok := s.next()
		if !ok {
			return f, first
		}
		t, err := termOf(expr, &tok)
		if err != nil && first == nil {
			err.Unfinished = err.End == len(expr)
			first = err
		}
		if first != nil && !typing {
			return nil, first
		}
		if typing && t.end == len(expr) {
			t.extend()
		}
		if len(t.values) > 0 {
			f.terms = append(f.terms, t)
		}
	}
}

// termOf reads a word. With an error the term holds the values that are right.
func termOf(expr string, tok *token) (t term, first *Error) {
	t = term{source: expr, span: tok.span, not: tok.not, key: Key(strings.ToLower(tok.key))}
	if t.key != Text && !slices.Contains(Keys(), t.key) {
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
		v, err := t.valueOf(p)
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

// valueOf reads a value. One whose quote is not closed is returned all the same.
func (t *term) valueOf(p part) (value, *Error) {
	switch {
	case p.glued:
		return value{}, &Error{Msg: "a space is missing behind its quote"}
	case p.text == "" && t.key != Text:
		return value{}, &Error{Msg: string(t.key) + ": a value is missing"}
	case p.text == "":
		return value{}, &Error{Msg: "a word is missing"}
	}
	v, err := valueOf(t.key, p.text)
	if err != nil {
		return value{}, fault(t.key, p.text, err)
	}
	if p.open {
		return v, &Error{Msg: "its quote is not closed"}
	}
	return v, nil
}

// extend takes an unknown status or event at the end for the beginning of one.
func (t *term) extend() {
	if len(t.values) == 0 || t.spans[len(t.spans)-1].end != t.end || t.key != Status && t.key != Event {
		return
	}
	v := &t.values[len(t.values)-1]
	if v.like || v.known() {
		return
	}
	v.text, v.want, v.like = v.text+"*", v.want+"*", true
}

// known: it is, or with a star may be, one of the values that its key has.
func (v *value) known() bool {
	return slices.ContainsFunc(v.key.Values(), func(word string) bool {
		if v.key == Event {
			word = strings.ToLower(word)
		}
		return v.equals(word)
	})
}

// Match says whether a subject passes. It allocates nothing where the subject's
// texts are ASCII.
func (f *Filter) Match(s *Subject, now time.Time) bool {
	if f == nil {
		return true
	}
	for i := range f.terms {
		if !f.terms[i].holds(s, now) {
			return false
		}
	}
	return true
}

// Empty says whether everything passes.
func (f *Filter) Empty() bool { return f == nil || len(f.terms) == 0 }

// TimeBound says whether what passes depends on when it is asked.
func (f *Filter) TimeBound() bool {
	return f.any(func(v *value) bool { return (v.key == Since || v.key == Until) && v.at.IsZero() })
}

// Demands says whether only that passes which has a value of one of these keys
// that the filter asks for: verdict:rejected demands a verdict, -verdict:partial
// does not. A value of is: belongs to class, final or live.
func (f *Filter) Demands(keys ...Key) bool {
	if f == nil {
		return false
	}
	return slices.ContainsFunc(f.terms, func(t term) bool {
		return !t.not && !slices.ContainsFunc(t.values, func(v value) bool { return !slices.Contains(keys, v.key) })
	})
}

func (f *Filter) any(is func(*value) bool) bool {
	if f == nil {
		return false
	}
	for i := range f.terms {
		for j := range f.terms[i].values {
			if is(&f.terms[i].values[j]) {
				return true
			}
		}
	}
	return false
}

// Only refuses a filter that asks for more than the keys, of which what is to
// be filtered has only those; text may always be asked for. Its error is an
// *[Error] that points at the word.
func (f *Filter) Only(keys ...Key) error {
	if f == nil {
		return nil
	}
	for i := range f.terms {
		if t := &f.terms[i]; t.key != Text && !slices.Contains(keys, t.key) {
			return &Error{Expr: t.source, Pos: t.pos, End: t.end, Msg: string(t.key) + " can't be asked for here"}
		}
	}
	return nil
}

// Doubts points at statuses and event names that UP42 does not document. They
// are no errors, as there may be new ones; often they are mistyped.
func (f *Filter) Doubts() []*Error {
	if f == nil {
		return nil
	}
	var out []*Error
	for i := range f.terms {
		t := &f.terms[i]
		for j := range t.values {
			v := &t.values[j]
			if (v.key == Status || v.key == Event) && !v.known() {
				out = append(out, &Error{
					Expr: t.source, Pos: t.spans[j].pos, End: t.spans[j].end,
					Msg: "UP42 documents no such " + string(v.key), Suggestion: nearest.Word(v.want, v.key.Values()),
				})
			}
		}
	}
	return out
}

// And lets pass what all of the filters do.
func And(filters ...*Filter) *Filter {
	out := &Filter{}
	for _, f := range filters {
		if f != nil {
			out.terms = append(out.terms, f.terms...)
		}
	}
	return out
}

// Events lets events of these names pass; with no name, everything. It is what
// --events says.
func Events(names ...string) *Filter { return oneOf(Event, names) }

// Statuses lets these statuses pass; with none, everything. It is what
// --statuses says.
func Statuses[S ~string](statuses ...S) *Filter { return oneOf(Status, texts(statuses...)) }

// exactly stands before an id that is whole, not the beginning of one.
const exactly = "="

// TheID asks for what an id names, not for what another does that begins so.
func TheID(id string) *Filter { return oneOf(ID, []string{exactly + id}) }

// Finals lets pass what is the last of its order or job. It is what --final
// says.
func Finals() *Filter { return mustRead(string(Final)) }

func oneOf(k Key, words []string) *Filter {
	var values []string
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" {
			values = append(values, quoteValue(w))
		}
	}
	if len(values) == 0 {
		return &Filter{}
	}
	return mustRead(string(k) + ":" + strings.Join(values, ","))
}

// mustRead reads an expression that is right by its making.
func mustRead(expr string) *Filter {
	f, err := read(expr, false)
	if err != nil {
		panic(err)
	}
	return f
}

// String is the filter as an expression, which [Parse] makes the same filter
// of.
func (f *Filter) String() string {
	if f == nil {
		return ""
	}
	words := make([]string, len(f.terms))
	for i := range f.terms {
		words[i] = f.terms[i].String()
	}
	return strings.Join(words, " ")
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

// MarshalText is String, for flags and configuration.
func (f *Filter) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText is [Parse] in place, for flags and configuration.
func (f *Filter) UnmarshalText(text []byte) error {
	g, err := read(string(text), false)
	if err != nil {
		return err
	}
	*f = *g
	return nil
}
