package table

// moveTo moves the cursor to an index, and keeps it on the row there.
func (m *Model[K, R]) moveTo(at int) {
	m.cursor.place(at, m.size())
	m.cursor.hold(m.size(), m.At)
	m.drawing.stale = true
}

// Move moves the cursor by a number of rows.
func (m *Model[K, R]) Move(delta int) { m.moveTo(m.cursor.at + delta) }

// Page moves the cursor by a number of half pages.
func (m *Model[K, R]) Page(halves int) {
	m.moveTo(m.cursor.at + halves*max(1, m.cursor.lines/2))
}

// Home moves the cursor to the first line. It stays there while rows come in.
func (m *Model[K, R]) Home() {
	m.cursor.holds = false
	m.cursor.place(0, m.size())
	m.drawing.stale = true
}

// End moves the cursor to the last row.
func (m *Model[K, R]) End() { m.moveTo(m.size() - 1) }

// Select moves the cursor to a row. It reports false if the row is not in the view.
func (m *Model[K, R]) Select(id K) bool {
	r, ok := m.store.rows[id]
	if !ok {
		return false
	}
	at, found := m.view.Find(r)
	if found {
		m.moveTo(at)
	}
	return found
}

// Selected returns the row under the cursor. ok is false if the view is empty.
func (m *Model[K, R]) Selected() (r R, ok bool) {
	if m.size() == 0 {
		return r, false
	}
	return m.At(m.cursor.at), true
}

// Index returns the cursor's index in the view.
func (m *Model[K, R]) Index() int { return m.cursor.at }

// NearEnd reports whether the cursor is within n rows of the end.
func (m *Model[K, R]) NearEnd(n int) bool { return m.cursor.at+n >= m.size() }

// Hold keeps the cursor on its row, if there is one.
func (m *Model[K, R]) Hold() { m.cursor.hold(m.size(), m.At) }

// Follows reports whether the cursor stays on the first line while rows come in, as
// it does at the start and after Home.
func (m *Model[K, R]) Follows() bool { return !m.cursor.holds }
