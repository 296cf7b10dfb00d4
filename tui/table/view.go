package table

// SetSize sets the size in cells. The line of the titles is part of it. The cursor
// stays on the screen.
func (m *Model[K, R]) SetSize(w, h int) {
	if w == m.drawing.w && h == m.drawing.h {
		return
	}
	m.drawing.resize(w, h)
	m.cursor.lines = m.drawing.lines()
	m.cursor.place(m.cursor.at, m.size())
}

// Invalidate makes the next View draw again. It is for cells that depend on the
// time.
func (m *Model[K, R]) Invalidate() { m.drawing.stale = true }

// View returns exactly as many lines, of exactly as many cells, as SetSize set. It
// draws only if something has changed.
func (m *Model[K, R]) View() string {
	if d := &m.drawing; d.stale {
		d.drawn, d.stale = m.draw(), false
	}
	return m.drawing.drawn
}

func (m *Model[K, R]) draw() string {
	d, c := &m.drawing, &m.cursor
	if d.w == 0 || d.h == 0 {
		return ""
	}
	d.pen.buf, d.sought = d.pen.buf[:0], m.shown.filter.Words
	d.titles(m.options.Orders[m.shown.order].Column, m.shown.reversed)
	switch {
	case m.size() > 0:
		d.rows(m.size(), m.At, c.top, c.at)
	case m.options.Empty != nil:
		d.message(m.options.Empty(m.shown.filter.Match != nil))
	default:
		d.message(nil)
	}
	return string(d.pen.buf)
}
