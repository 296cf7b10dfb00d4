package filter

import (
	"slices"
	"strings"
	"time"
)

// Filter is a parsed expression. It does not change once made, and is safe for
// concurrent use. A nil Filter and the zero Filter let everything pass.
type Filter struct {
	terms []term
}

// Parse reads an expression. The empty expression lets everything pass. The error is an
// *[Error].
func Parse(expr string) (*Filter, error) {
	f, err := parse(expr, false)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// ParseTyping reads an expression that the user is still typing. It always returns a
// filter, and with it the first mistake, an *[Error] or nil. A wrong value or word is
// left out of the filter. A status or event name at the end of the expression is taken
// as the beginning of one if UP42 does not document it.
func ParseTyping(expr string) (*Filter, error) {
	f, err := parse(expr, true)
	if err != nil {
		return f, err
	}
	return f, nil
}

func parse(expr string, typing bool) (*Filter, *Error) {
	f := &Filter{}
	var first *Error
	s := scanner{src: expr}
	for {
		tok, ok := s.next()
		if !ok {
			return f, first
		}
		t, err := newTerm(expr, &tok)
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

// Match reports whether a subject passes. It allocates nothing if the texts of the
// subject are ASCII.
func (f *Filter) Match(s *Subject, now time.Time) bool {
	if f == nil {
		return true
	}
	for i := range f.terms {
		if !f.terms[i].matches(s, now) {
			return false
		}
	}
	return true
}

// Empty reports whether the filter has no words, so that everything passes.
func (f *Filter) Empty() bool { return f == nil || len(f.terms) == 0 }

// TimeBound reports whether the result depends on the time of the call, as it does with
// since:10m.
func (f *Filter) TimeBound() bool {
	if f == nil {
		return false
	}
	relative := func(v value) bool { return (v.key == Since || v.key == Until) && v.at.IsZero() }
	return slices.ContainsFunc(f.terms, func(t term) bool { return slices.ContainsFunc(t.values, relative) })
}

// Demands reports whether the filter only lets pass what has a certain value of one of
// these keys: verdict:rejected demands a verdict, -verdict:partial does not. A value of
// is: counts as class, final or live.
func (f *Filter) Demands(keys ...Key) bool {
	if f == nil {
		return false
	}
	other := func(v value) bool { return !slices.Contains(keys, v.key) }
	return slices.ContainsFunc(f.terms, func(t term) bool { return !t.not && !slices.ContainsFunc(t.values, other) })
}

// Only returns an error if the filter asks about other keys than these; text is always
// possible. The error is an *[Error] that points at the word.
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

// Doubts points at statuses and event names that UP42 does not document. They are not
// errors, because UP42 may add new ones. Often they are typing mistakes.
func (f *Filter) Doubts() (out []*Error) {
	if f == nil {
		return nil
	}
	for i := range f.terms {
		out = append(out, f.terms[i].unknownValues()...)
	}
	return out
}

// String returns the filter as an expression. [Parse] makes the same filter of it.
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

// MarshalText implements encoding.TextMarshaler, for flags and configuration.
func (f *Filter) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler, for flags and configuration.
func (f *Filter) UnmarshalText(text []byte) error {
	g, err := parse(string(text), false)
	if err != nil {
		return err
	}
	*f = *g
	return nil
}
