package filter

import (
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Search returns the search for the events of a query that pass. It narrows the query as
// far as words of the filter allow, which need not be read then: id:=X, seq: and since:.
func (f *Filter) Search(q receiver.EventQuery, now func() time.Time) receiver.Search {
	s := receiver.Search{EventQuery: q, Match: func(e *receiver.Event) bool { return f.Event(e, now()) }}
	if f == nil {
		return s
	}
	for i := range f.terms {
		if t := &f.terms[i]; !t.not {
			t.narrow(&s, now())
		}
	}
	return s
}

// narrow leaves out what can't match the word.
func (t *term) narrow(s *receiver.Search, now time.Time) {
	switch t.key {
	case ID:
		if ids := t.exactIDs(); ids != nil {
			s.IDs = ids
		}
	case Seq:
		low, high := t.values[0].low, t.values[0].high
		for i := range t.values[1:] {
			low, high = min(low, t.values[i+1].low), max(high, t.values[i+1].high)
		}
		s.After = max(s.After, low-1)
		if high++; high > 0 && (s.Before == 0 || high < s.Before) { // not the largest number
			s.Before = max(high, 1)
		}
	case Since:
		first := t.values[0].moment(now)
		for i := range t.values[1:] {
			if at := t.values[i+1].moment(now); at.Before(first) {
				first = at
			}
		}
		if first.After(s.Since) {
			s.Since = first
		}
	}
}

// exactIDs returns the ids that the word names, nil if it also lets others pass.
func (t *term) exactIDs() (ids []string) {
	for i := range t.values {
		id, exact := strings.CutPrefix(t.values[i].want, exactly)
		if !exact {
			return nil
		}
		ids = append(ids, id)
	}
	return ids
}
