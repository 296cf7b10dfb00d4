// Package table is a virtual table: it holds any number of rows in order and
// draws only those that are seen. One table serves all pages.
//
// Rows are immutable values with an id; a changed row replaces the old one.
// Changes come in batches, and a batch costs a binary search for each of its
// rows and one pass of moving memory, whatever its size. Sorting and filtering
// many rows is done by a command, off the screen's path; what changes meanwhile
// is merged into its result.
//
// The cursor goes with its row, wherever that goes. Until it is moved, and after
// Home, it follows what is first: rows that come in pass under it, as in a feed.
package table

import (
	"cmp"

	"github.com/up42/up42-webhooks/tui/theme"
)

// Column draws one value of each row.
type Column[R any] struct {
	// Title stands above the column.
	Title string
	// Min and Max bound the width in cells. What is left over when all have
	// their least is shared out by Weight. Max 0: no bound.
	Min, Max, Weight int
	// Usual is the width of a usual value: no column grows beyond its own before
	// all have theirs. 0: Max.
	Usual int
	// Right aligns to the right.
	Right bool
	// Drop says which columns go first where there is too little room: those
	// with the highest Drop; 0 stays.
	Drop int
	// Cell is the value as clean text. It may be shorter or longer than width.
	Cell func(r R, width int) string
	// Style draws the cell; nil: as the row.
	Style func(r R) theme.Style
}

// Order is a way to sort. Compare is like cmp.Compare; ties are broken by id.
type Order[R any] struct {
	Name string
	// Column is the title of the column to mark, if there is one.
	Column  string
	Compare func(a, b R) int
}

// Options describe a table. ID, Text and the orders' Compare depend on nothing
// but the rows they are given, and are called from commands too.
type Options[K cmp.Ordered, R any] struct {
	Columns []Column[R]
	// ID tells rows apart.
	ID func(R) K
	// Orders are the ways to sort, at least one; the first is where it starts.
	Orders []Order[R]
	// Text is what a filter of words looks in; nil where all filters are set by
	// Narrow.
	Text func(R) string
	// Style draws a row; nil: plain.
	Style func(R) theme.Style
	Theme *theme.Theme
	// Empty says in a few clean lines why there are no rows.
	Empty func(filtered bool) []string
	// Limit is how many rows are kept; beyond it, those go that are last in the
	// first order. 0: no limit.
	Limit int
}

// Model is a table. Its rows are best pointers: it moves them often. It is not
// safe for concurrent use.
type Model[K cmp.Ordered, R any] struct {
	options Options[K, R]

	store *store[K, R]
	view  *list[R] // what passes the filter, in the order that is shown
	shown arrangement[R]
	job   *job[K, R] // nil: shown is as wanted
	quick int        // as many rows are arranged without a command
	aside *aside[K, R]

	cursor cursor[R]

	w, h   int
	widths []int // of the columns, 0: not drawn
	drawn  string
	buf    []byte
	stale  bool // drawn is not what there is
}

// New makes an empty table.
func New[K cmp.Ordered, R any](o Options[K, R]) *Model[K, R] {
	m := &Model[K, R]{options: o, quick: atOnce, stale: true}
	m.Reset()
	return m
}

// Upsert adds rows, or replaces those that have their ids. While paused it
// keeps them aside.
func (m *Model[K, R]) Upsert(rows ...R) {
	switch {
	case len(rows) == 0:
	case m.aside != nil:
		m.aside.upsert(rows, m.options.Limit)
	default:
		m.change(m.store.upsert(rows))
		if over := m.store.trim(m.options.Limit); len(over) > 0 {
			m.change(over, nil)
		}
	}
}

// Remove takes rows out. While paused it does so once the view is let go.
func (m *Model[K, R]) Remove(ids ...K) {
	if m.aside != nil {
		m.aside.remove(ids)
		return
	}
	if out := m.store.remove(ids); len(out) > 0 {
		m.change(out, nil)
	}
}

// Reset takes all rows out, those kept aside too. The cursor is on the first
// line again; filter, order and pause stay.
func (m *Model[K, R]) Reset() {
	m.shown = m.wanted()
	m.stop()
	m.store = newStore(m.options.ID, m.compareBy(0))
	m.view = &list[R]{compare: m.compareBy(m.shown.order)}
	m.cursor = cursor[R]{}
	if m.aside != nil {
		m.aside = m.newAside()
	}
	m.stale = true
}

// change carries over into the view what changed in the store: in are rows as
// they are now, out as they were.
func (m *Model[K, R]) change(out, in []R) {
	if m.job != nil {
		m.job.note(m.options.ID, out, in)
	}
	f := &m.shown.filter
	m.view.replace(f.matching(out), f.matching(in))
	m.settle()
}

// Len is how many rows pass the filter, and how many there are.
func (m *Model[K, R]) Len() (shown, total int) { return m.view.len(), m.store.list.len() }

// Get returns the row of an id, as the view has it.
func (m *Model[K, R]) Get(id K) (r R, ok bool) {
	r, ok = m.store.rows[id]
	return r, ok
}

// compareBy is a total order: rows that compare as equal are the same row.
func (m *Model[K, R]) compareBy(order int) func(a, b R) int {
	by, id := m.options.Orders[order].Compare, m.options.ID
	return func(a, b R) int {
		if c := by(a, b); c != 0 {
			return c
		}
		return cmp.Compare(id(a), id(b))
	}
}
