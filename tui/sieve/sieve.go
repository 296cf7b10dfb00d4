// Package sieve is a table whose rows are filtered by expressions of
// receiver/filter. What it can be asked for is the table's own business: the
// table's page says how to look at a row.
package sieve

import (
	"cmp"
	"errors"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/table"
)

// Options describe how rows are judged.
type Options[R any] struct {
	// Passes says whether a filter lets a row pass. It depends on nothing but
	// what it is given, is called from commands too, and allocates little: a key
	// that is pressed may ask it a hundred thousand times.
	Passes func(f *filter.Filter, r R, now time.Time) bool
	// Keys are what rows can be asked for; nil: all.
	Keys []filter.Key
	Now  func() time.Time
}

// Model is a table with a filter that is an expression. It is not safe for
// concurrent use.
type Model[K cmp.Ordered, R any] struct {
	*table.Model[K, R]
	o      Options[R]
	filter *filter.Filter
}

// New puts a filter before a table.
func New[K cmp.Ordered, R any](t *table.Model[K, R], o Options[R]) *Model[K, R] {
	return &Model[K, R]{Model: t, o: o}
}

// Check says what is wrong with an expression here: nil, or an error that
// points at a word.
func (m *Model[K, R]) Check(expr string) *filter.Error {
	f, err := filter.Parse(expr)
	if err == nil && m.o.Keys != nil {
		err = f.Only(m.o.Keys...)
	}
	var wrong *filter.Error
	errors.As(err, &wrong)
	return wrong
}

// Doubts points at words of an expression that are probably mistyped.
func (m *Model[K, R]) Doubts(expr string) []*filter.Error {
	f, err := filter.Parse(expr)
	if err != nil {
		return nil
	}
	return f.Doubts()
}

// SetFilter shows only rows that pass an expression; of one that [Model.Check]
// refuses, what is right counts. For its command see the table's.
func (m *Model[K, R]) SetFilter(expr string) tea.Cmd {
	f, err := filter.Parse(expr)
	if err != nil {
		f, _ = filter.ParseTyping(expr)
	}
	return m.narrow(expr, f)
}

// TypeFilter is SetFilter while the expression is being typed: its last word
// may be the beginning of one.
func (m *Model[K, R]) TypeFilter(expr string) tea.Cmd {
	f, _ := filter.ParseTyping(expr)
	return m.narrow(expr, f)
}

func (m *Model[K, R]) narrow(expr string, f *filter.Filter) tea.Cmd {
	m.filter = f
	return m.Narrow(table.Filter[R]{Text: expr, Meaning: f.String(), Match: m.match()})
}

// match judges as of now: a row that changes must be found where it was.
func (m *Model[K, R]) match() func(R) bool {
	if m.filter.Empty() {
		return nil
	}
	f, passes, now := m.filter, m.o.Passes, m.o.Now()
	return func(r R) bool { return passes(f, r, now) }
}

// Tick lets time pass: what a filter such as since:10m lets pass is another
// thing by now. It is nearly free for others.
func (m *Model[K, R]) Tick() tea.Cmd {
	if m.Paused() || !m.filter.TimeBound() {
		return nil
	}
	return m.Renew(m.match())
}
