package table

import "slices"

// anchor is what the eye holds on to while rows come and go: the row under the
// cursor and the line that it is on.
type anchor[R any] struct {
	row  R
	ok   bool
	line int
}

func (m *Model[K, R]) anchor() anchor[R] {
	r, ok := m.Selected()
	return anchor[R]{row: r, ok: ok, line: m.cursor - m.top}
}

// restore puts the cursor back on its row, on the same line of the screen. One
// that was never moved stays on the first line.
func (m *Model[K, R]) restore(a anchor[R]) {
	if !m.moved || !a.ok {
		m.top = 0
		m.place0(0)
		return
	}
	if i, ok := m.place[m.options.ID(a.row)]; ok {
		a.row = m.all[i]
	}
	i, _ := slices.BinarySearchFunc(m.view, a.row, m.compareBy(m.order))
	m.top = i - a.line
	m.place0(i)
}

// place0 sets the cursor, within bounds, and scrolls as little as shows it.
func (m *Model[K, R]) place0(i int) {
	i = max(0, min(i, len(m.view)-1))
	page := max(1, m.lines())
	m.top = min(max(m.top, i-page+1), i)
	m.top = max(0, min(m.top, len(m.view)-page))
	m.cursor = i
	m.stale = true
}

// lines is how many rows are seen at a time.
func (m *Model[K, R]) lines() int { return max(0, m.h-1) }

// Move moves the cursor by some rows.
func (m *Model[K, R]) Move(delta int) { m.goTo(m.cursor + delta) }

// Page moves the cursor by some pages' parts: delta is in halves of a page.
func (m *Model[K, R]) Page(halves int) { m.goTo(m.cursor + halves*max(1, m.lines()/2)) }

// Home moves the cursor to the first row, where it stays while rows come in.
func (m *Model[K, R]) Home() { m.goTo(0) }

// End moves the cursor to the last row.
func (m *Model[K, R]) End() { m.goTo(len(m.view) - 1) }

func (m *Model[K, R]) goTo(i int) {
	m.place0(i)
	m.moved = m.cursor > 0
}

// Selected is the row under the cursor; ok is false where there is none.
func (m *Model[K, R]) Selected() (r R, ok bool) {
	if m.cursor >= len(m.view) {
		return r, false
	}
	return m.view[m.cursor], true
}

// Select moves the cursor to a row, if it is in view.
func (m *Model[K, R]) Select(id K) bool {
	i, ok := m.place[id]
	if !ok {
		return false
	}
	at, found := slices.BinarySearchFunc(m.view, m.all[i], m.compareBy(m.order))
	if found {
		m.goTo(at)
	}
	return found
}

// Index is the cursor's place in the view, from 0.
func (m *Model[K, R]) Index() int { return m.cursor }

// NearEnd says whether the cursor is within n rows of the end.
func (m *Model[K, R]) NearEnd(n int) bool { return m.cursor+n >= len(m.view) }
