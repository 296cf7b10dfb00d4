package table

// Tail is a list of rows that others keep, behind those of a Model in its first order.
type Tail[R any] interface {
	Len() int
	// Row returns the row at a place, as far as it is known.
	Row(i int) R
	// Index returns the place of a row, or where it would be. ok is false if the row can't
	// be in the list.
	Index(r R) (i int, ok bool)
}

// SetTail shows a list of rows behind those of the table. Nil removes it.
func (m *Model[K, R]) SetTail(t Tail[R]) { m.tail = t }

// TailChanged must be called after the tail has changed.
func (m *Model[K, R]) TailChanged() { m.settle() }

// Visible returns the range of places of the tail that are on the screen. The last one is not
// in it.
func (m *Model[K, R]) Visible() (from, to int) {
	from = m.cursor.top - m.view.Len()
	return max(0, from), max(0, min(from+m.cursor.lines, m.tailLen()))
}

// Oldest returns the last row in the first order, without a filter.
func (m *Model[K, R]) Oldest() (r R, ok bool) {
	n := m.store.list.Len()
	if n == 0 {
		return r, false
	}
	return m.store.list.At(n - 1), true
}

// tailLen returns how many rows of the tail are shown.
func (m *Model[K, R]) tailLen() int {
	if m.tail == nil || !m.FirstOrder() {
		return 0
	}
	return m.tail.Len()
}

// size returns how many rows are shown.
func (m *Model[K, R]) size() int { return m.view.Len() + m.tailLen() }

// At returns the row at an index below that of [Model.Len].
func (m *Model[K, R]) At(i int) R {
	if n := m.view.Len(); i >= n {
		return m.tail.Row(i - n)
	}
	return m.view.At(i)
}
