package table

import (
	"maps"
	"slices"
)

// SetPaused freezes the rows, or applies the changes that came meanwhile. Cursor,
// filter and order work while the table is paused.
func (m *Model[K, R]) SetPaused(paused bool) {
	if paused == m.Paused() {
		return
	}
	if paused {
		m.backlog = newBacklog(m.store)
		return
	}
	b := m.backlog
	m.backlog = nil
	m.Remove(slices.Collect(maps.Keys(b.gone))...)
	m.Upsert(b.store.list.All()...)
}

// Paused reports whether the rows are frozen.
func (m *Model[K, R]) Paused() bool { return m.backlog != nil }

// NewRows returns the number of rows that are new or have changed since the table
// was paused.
func (m *Model[K, R]) NewRows() int {
	if m.backlog == nil {
		return 0
	}
	return m.backlog.count
}
