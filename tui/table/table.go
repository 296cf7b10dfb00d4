// Package table is a virtual table: it has any number of rows, in order, and draws
// only those on the screen. All pages use it.
//
// A row is an immutable value with an id. A row that has changed is a new value,
// which replaces the old one. Changes come in batches. A batch costs a binary
// search for each of its rows, and moves the other rows once, whatever its size.
// If there are many rows, a command sorts and filters them, so that the screen does
// not wait. Changes that come meanwhile are merged into the command's result.
//
// The cursor stays on its row when rows move. At the start, and after Home, it
// stays on the first line instead, and shows the newest row.
package table

import (
	"cmp"

	"github.com/up42/up42-webhooks/tui/table/sorted"
)

// atOnce is the number of rows that are sorted and filtered without a command.
// That takes about a millisecond.
const atOnce = 1000

// Model is a table. R should be a pointer, as rows are moved often. A Model is not
// safe for concurrent use.
type Model[K cmp.Ordered, R any] struct {
	options Options[K, R]

	store *store[K, R]
	view  *sorted.List[R] // the rows that pass the filter, in the order that is shown
	shown arrangement[R]
	job   *job[K, R] // nil if shown is what is wanted
	quick int        // the number of rows that are arranged without a command

	tail    Tail[R]        // may be nil
	backlog *backlog[K, R] // nil unless the table is paused
	cursor  cursor[R]
	drawing drawing[R]
}

// New makes an empty table.
func New[K cmp.Ordered, R any](o Options[K, R]) *Model[K, R] {
	m := &Model[K, R]{options: o, quick: atOnce, drawing: drawing[R]{columns: o.Columns, theme: o.Theme, style: o.Style, marked: o.Marked}}
	m.Reset()
	return m
}

// SetColumns replaces the columns.
func (m *Model[K, R]) SetColumns(columns []Column[R]) {
	m.options.Columns, m.drawing.columns = columns, columns
	m.drawing.resize(m.drawing.w, m.drawing.h)
}

// Upsert adds rows, or replaces those with the same ids. While the table is paused
// it keeps the rows for later.
func (m *Model[K, R]) Upsert(rows ...R) {
	switch {
	case len(rows) == 0:
	case m.backlog != nil:
		m.backlog.upsert(rows, m.options.Limit)
	default:
		m.change(m.store.upsert(rows))
		if over := m.store.trim(m.options.Limit); len(over) > 0 {
			m.change(over, nil)
			if m.options.Trimmed != nil {
				m.options.Trimmed(over)
			}
		}
	}
}

// Remove removes rows. While the table is paused it does this later.
func (m *Model[K, R]) Remove(ids ...K) {
	if m.backlog != nil {
		m.backlog.remove(ids)
		return
	}
	if out := m.store.remove(ids); len(out) > 0 {
		m.change(out, nil)
	}
}

// Reset removes all rows, also those that are kept for later. The cursor returns to
// the first line. Filter, order and pause stay.
func (m *Model[K, R]) Reset() {
	m.shown = m.wanted()
	m.stop()
	m.store = newStore(m.options.ID, m.options.compare(sorting{}))
	m.view = sorted.New(m.options.compare(m.shown.sorting), nil)
	m.cursor = cursor[R]{lines: m.cursor.lines}
	if m.backlog != nil {
		m.backlog = newBacklog(m.store)
	}
	m.drawing.stale = true
}

// Len returns the number of rows that are shown, and of all rows but those of a tail.
func (m *Model[K, R]) Len() (shown, total int) { return m.size(), m.store.list.Len() }

// Get returns a row by its id. While the table is paused it returns the row as it
// was before.
func (m *Model[K, R]) Get(id K) (r R, ok bool) {
	r, ok = m.store.rows[id]
	return r, ok
}

// Rows returns all rows but those of a tail, as they are now, in the first order.
func (m *Model[K, R]) Rows() []R { return m.store.list.All() }

// change updates the view after a change of the store: out are the rows before the
// change, in are the rows after it.
func (m *Model[K, R]) change(out, in []R) {
	if m.options.Changed != nil {
		m.options.Changed(out, in)
	}
	if m.job != nil {
		m.job.note(m.options.ID, out, in)
	}
	f := &m.shown.filter
	m.view.Replace(f.matching(out), f.matching(in))
	m.settle()
}

// settle moves the cursor to its row after the view has changed.
func (m *Model[K, R]) settle() {
	m.cursor.settle(m.size(), m.At, m.index)
	m.drawing.stale = true
}

// index returns the index of a row, which may have changed, or the index at which
// it would be.
func (m *Model[K, R]) index(r R) int {
	if now, ok := m.store.rows[m.options.ID(r)]; ok {
		if at, found := m.view.Find(now); found {
			return at
		}
	}
	if m.tailLen() > 0 {
		if i, ok := m.tail.Index(r); ok {
			return m.view.Len() + i
		}
	}
	at, _ := m.view.Find(r)
	return at
}

// wanted returns the arrangement that is shown, or that a job is making.
func (m *Model[K, R]) wanted() arrangement[R] {
	if m.job != nil {
		return m.job.want
	}
	return m.shown
}

// stop abandons the job, if there is one, and returns it.
func (m *Model[K, R]) stop() *job[K, R] {
	j := m.job
	if j != nil {
		j.stopped.Store(true)
	}
	m.job = nil
	return j
}
