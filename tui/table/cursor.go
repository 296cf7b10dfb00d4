package table

// cursor is where the cursor is, and which row it holds on to.
type cursor[R any] struct {
	at, top int // indexes in the view: of the cursor and of the first row drawn
	// held is the row under the cursor as it was last in view. Without one the
	// cursor follows: it stays on the first line, whatever comes there.
	held  R
	holds bool
}

// settle puts the cursor where it belongs after the view has changed: on its row
// and on the same line of the screen, so that nothing jumps under the eye. Where
// its row is no longer in view, the one that came after it takes over, else the
// last.
func (m *Model[K, R]) settle() {
	c := &m.cursor
	at, line := 0, 0
	if c.holds {
		at, line = m.find(c.held), c.at-c.top
	}
	c.top = at - line
	m.place(at)
	if c.holds && m.view.len() > 0 {
		c.held = m.view.rows[c.at]
	}
}

// find is the place of a row, which may have changed, or the one that it would
// have.
func (m *Model[K, R]) find(r R) int {
	if now, ok := m.store.rows[m.options.ID(r)]; ok {
		if at, found := m.view.find(now); found {
			return at
		}
	}
	at, _ := m.view.find(r)
	return at
}

// place sets the cursor, within bounds, and scrolls as little as shows it.
func (m *Model[K, R]) place(at int) {
	c, page := &m.cursor, max(1, m.lines())
	c.at = max(0, min(at, m.view.len()-1))
	c.top = min(max(c.top, c.at-page+1), c.at)
	c.top = max(0, min(c.top, m.view.len()-page))
	m.stale = true
}

// goTo is place for the reader: from now on the cursor goes with the row that it
// finds there.
func (m *Model[K, R]) goTo(at int) {
	m.place(at)
	m.Hold()
}

// Hold keeps the cursor on the row that it is on, if there is one.
func (m *Model[K, R]) Hold() {
	c := &m.cursor
	if c.holds = m.view.len() > 0; c.holds {
		c.held = m.view.rows[c.at]
	}
}

// Follows says whether the cursor stays on the first line while rows come in, as
// it does at the start and after Home.
func (m *Model[K, R]) Follows() bool { return !m.cursor.holds }

// lines is how many rows are seen at a time.
func (m *Model[K, R]) lines() int { return max(0, m.h-1) }

// Move moves the cursor by some rows.
func (m *Model[K, R]) Move(delta int) { m.goTo(m.cursor.at + delta) }

// Page moves the cursor by some halves of a page.
func (m *Model[K, R]) Page(halves int) { m.goTo(m.cursor.at + halves*max(1, m.lines()/2)) }

// Home moves the cursor to the first line, where it stays while rows come in.
func (m *Model[K, R]) Home() {
	m.cursor.holds = false
	m.place(0)
}

// End moves the cursor to the last row.
func (m *Model[K, R]) End() { m.goTo(m.view.len() - 1) }

// Select moves the cursor to a row and holds on to it, if it is in view.
func (m *Model[K, R]) Select(id K) bool {
	r, ok := m.store.rows[id]
	if !ok {
		return false
	}
	at, found := m.view.find(r)
	if found {
		m.place(at)
		m.cursor.held, m.cursor.holds = r, true
	}
	return found
}

// Selected is the row under the cursor; ok is false where there is none.
func (m *Model[K, R]) Selected() (r R, ok bool) {
	if m.view.len() == 0 {
		return r, false
	}
	return m.view.rows[m.cursor.at], true
}

// Index is the cursor's place in the view, from 0.
func (m *Model[K, R]) Index() int { return m.cursor.at }

// NearEnd says whether the cursor is within n rows of the end.
func (m *Model[K, R]) NearEnd(n int) bool { return m.cursor.at+n >= m.view.len() }
