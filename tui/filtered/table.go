// Package filtered is a table that can be filtered by expressions of
// receiver/filter. The page that owns the table says how an expression applies to a
// row.
package filtered

import (
	"cmp"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/table"
)

// Options say how expressions apply to rows.
type Options[R any] struct {
	// Passes reports whether a row passes a filter. It must depend only on its
	// arguments, as commands call it too. It must not allocate: one key press may
	// call it for a hundred thousand rows.
	Passes func(f *filter.Filter, r R, now time.Time) bool
	// Keys are the filter keys that expressions may use. Nil: all.
	Keys []filter.Key
	// Now is the clock.
	Now func() time.Time
}

// Table is a table with an expression as its filter. It is not safe for concurrent
// use.
type Table[K cmp.Ordered, R any] struct {
	*table.Model[K, R]
	o      Options[R]
	filter *filter.Filter
}

// New makes a filtered table of a table, which must not be used directly any more.
func New[K cmp.Ordered, R any](t *table.Model[K, R], o Options[R]) *Table[K, R] {
	return &Table[K, R]{Model: t, o: o}
}

// Check returns what is wrong with an expression: an error that points at a word,
// or nil.
func (m *Table[K, R]) Check(expr string) *filter.Error { return Check(expr, m.o.Keys) }

// Doubts returns warnings about words of an expression that are valid but probably
// mistyped.
func (m *Table[K, R]) Doubts(expr string) []*filter.Error { return Doubts(expr) }

// SetFilter shows only the rows that pass an expression. Of an expression that
// [Table.Check] refuses, it uses the valid parts. The command must be run, and its
// message given to Update; it is nil if the view has changed already.
func (m *Table[K, R]) SetFilter(expr string) tea.Cmd {
	return m.narrow(expr, Valid(expr))
}

// TypeFilter is [Table.SetFilter] for an expression that is being typed, so its
// last word may be incomplete.
func (m *Table[K, R]) TypeFilter(expr string) tea.Cmd {
	f, _ := filter.ParseTyping(expr)
	return m.narrow(expr, f)
}

func (m *Table[K, R]) narrow(expr string, f *filter.Filter) tea.Cmd {
	m.filter = f
	return m.ApplyFilter(table.Filter[R]{Text: expr, Meaning: f.String(), Match: m.match(), Words: Words(f)})
}

// match returns the table's filter. It uses one time for all rows and until it is
// replaced: the table finds a row that changed where it was, and needs the same
// answer for the old row as before.
func (m *Table[K, R]) match() func(R) bool {
	if m.filter.Empty() {
		return nil
	}
	f, passes, now := m.filter, m.o.Passes, m.o.Now()
	return func(r R) bool { return passes(f, r, now) }
}

// Tick applies the filter again if its result depends on the time, as that of
// since:10m does. Otherwise it returns nil at once.
func (m *Table[K, R]) Tick() tea.Cmd {
	if m.Paused() || !m.filter.TimeBound() {
		return nil
	}
	return m.ReapplyFilter(m.match())
}
