// Package table is a virtual table: it holds any number of rows in order and
// draws only those that are seen. One table serves all pages.
//
// Rows are immutable values with an id; a changed row replaces the old one.
// Changes come in batches, and a batch costs one pass over the order, whatever
// its size. Sorting and filtering many rows is done by a command, off the
// screen's path; what changes meanwhile is merged into its result.
package table

import (
	"cmp"
	"slices"
	"sync/atomic"

	"github.com/up42/up42-webhooks/tui/theme"
)

// Column draws one value of each row.
type Column[R any] struct {
	// Title stands above the column.
	Title string
	// Min and Max bound the width in cells. What is left over when all have
	// their least is shared out by Weight. Max 0: no bound.
	Min, Max, Weight int
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

// Options describe a table.
type Options[K cmp.Ordered, R any] struct {
	Columns []Column[R]
	// ID tells rows apart.
	ID func(R) K
	// Orders are the ways to sort; the first is where it starts.
	Orders []Order[R]
	// Text is what the filter looks in.
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

// Model is a table. It is not safe for concurrent use.
type Model[K cmp.Ordered, R any] struct {
	options Options[K, R]
	self    int64 // tells this table's results from another's

	all   []R       // in no order
	place map[K]int // of each row in all
	view  []R       // what passes the filter, in order

	order  int
	filter filter
	job    *job[K, R]
	jobs   int // counts jobs, so that an overtaken result is told

	pause  bool
	aside  map[K]R // what came while paused
	cursor int
	top    int
	moved  bool // the user has left the first line

	w, h   int
	layout []int
	kept   string
	stale  bool
}

var tables atomic.Int64

// New makes an empty table.
func New[K cmp.Ordered, R any](o Options[K, R]) *Model[K, R] {
	return &Model[K, R]{options: o, self: tables.Add(1), place: map[K]int{}, stale: true}
}

// Upsert adds rows, or replaces those that have their ids.
func (m *Model[K, R]) Upsert(rows ...R) {
	if len(rows) == 0 {
		return
	}
	if m.pause {
		for _, r := range rows {
			m.aside[m.options.ID(r)] = r
		}
		return
	}
	m.change(rows, nil)
	m.shrink()
}

// Remove takes rows out.
func (m *Model[K, R]) Remove(ids ...K) {
	for _, id := range ids {
		delete(m.aside, id)
	}
	m.change(nil, ids)
}

// Reset takes all rows out.
func (m *Model[K, R]) Reset() {
	m.all, m.view, m.place, m.job = nil, nil, map[K]int{}, nil
	if m.pause {
		m.aside = map[K]R{}
	}
	m.cursor, m.top, m.moved, m.stale = 0, 0, false, true
}

// shrink keeps to the limit, with some slack so that it is done now and then
// only.
func (m *Model[K, R]) shrink() {
	limit := m.options.Limit
	if limit <= 0 || len(m.all) <= limit+limit/20 {
		return
	}
	sorted := slices.Clone(m.all)
	slices.SortFunc(sorted, m.compareBy(0))
	ids := make([]K, 0, len(sorted)-limit)
	for _, r := range sorted[limit:] {
		ids = append(ids, m.options.ID(r))
	}
	m.change(nil, ids)
}

// SetPaused freezes the view, or lets go of what was kept aside.
func (m *Model[K, R]) SetPaused(paused bool) {
	if paused == m.pause {
		return
	}
	m.pause = paused
	if paused {
		m.aside = map[K]R{}
		return
	}
	rows := make([]R, 0, len(m.aside))
	for _, r := range m.aside {
		rows = append(rows, r)
	}
	m.aside = nil
	m.Upsert(rows...)
}

// Paused says whether the view is frozen.
func (m *Model[K, R]) Paused() bool { return m.pause }

// New is how many rows are new or changed since the view was frozen.
func (m *Model[K, R]) New() int { return len(m.aside) }

// Len is how many rows pass the filter, and how many there are.
func (m *Model[K, R]) Len() (shown, total int) { return len(m.view), len(m.all) }

// Get returns the row of an id, as the view has it.
func (m *Model[K, R]) Get(id K) (r R, ok bool) {
	if i, ok := m.place[id]; ok {
		return m.all[i], true
	}
	return r, false
}

func (m *Model[K, R]) compareBy(order int) func(a, b R) int {
	by, id := m.options.Orders[order].Compare, m.options.ID
	return func(a, b R) int {
		if c := by(a, b); c != 0 {
			return c
		}
		return cmp.Compare(id(a), id(b))
	}
}
