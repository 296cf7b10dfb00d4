package table

import (
	"maps"
	"slices"
)

// aside keeps what comes while the view is frozen. It is bounded as the table
// is: of more rows, it keeps those that the table would keep.
type aside[K comparable, R any] struct {
	under *store[K, R] // the table's
	store *store[K, R]
	gone  map[K]struct{} // rows of the table's that are to go, and not back since
	count int
}

func (m *Model[K, R]) newAside() *aside[K, R] {
	return &aside[K, R]{under: m.store, store: newStore(m.options.ID, m.compareBy(0)), gone: map[K]struct{}{}}
}

func (a *aside[K, R]) upsert(rows []R, limit int) {
	for _, r := range rows {
		delete(a.gone, a.store.id(r))
	}
	before := len(a.store.rows)
	a.store.upsert(rows)
	a.count += len(a.store.rows) - before
	for _, r := range a.store.trim(limit) {
		a.drop(a.store.id(r))
	}
}

func (a *aside[K, R]) remove(ids []K) {
	a.count -= len(a.store.remove(ids))
	for _, id := range ids {
		a.drop(id)
	}
}

func (a *aside[K, R]) drop(id K) {
	if _, ok := a.under.rows[id]; ok {
		a.gone[id] = struct{}{}
	}
}

// SetPaused freezes the view, or lets go of what was kept aside. Cursor, filter
// and order work on a frozen view as well.
func (m *Model[K, R]) SetPaused(paused bool) {
	if paused == m.Paused() {
		return
	}
	if paused {
		m.aside = m.newAside()
		return
	}
	a := m.aside
	m.aside = nil
	m.Remove(slices.Collect(maps.Keys(a.gone))...)
	m.Upsert(a.store.list.rows...)
}

// Paused says whether the view is frozen.
func (m *Model[K, R]) Paused() bool { return m.aside != nil }

// New is how many rows are new or changed since the view was frozen.
func (m *Model[K, R]) New() int {
	if m.aside == nil {
		return 0
	}
	return m.aside.count
}
