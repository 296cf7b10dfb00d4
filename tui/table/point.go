package table

// What follows says what is at a place of the view, for the mouse. Lines and cells count from 0;
// line 0 has the titles.

// RowAt returns the index of the row on a line of the view. ok is false beside the rows.
func (m *Model[K, R]) RowAt(line int) (i int, ok bool) { return m.cursor.rowAt(line, m.size()) }

// TitleAt returns the title of the column at a cell of the view. ok is false beside the titles.
func (m *Model[K, R]) TitleAt(x int) (title string, ok bool) { return m.drawing.titleAt(x) }

// Scroll shows rows that are further down, or further up if lines is negative. The cursor stays
// on its row as long as that is on the screen.
func (m *Model[K, R]) Scroll(lines int) {
	if m.cursor.scroll(lines, m.size()) {
		m.Hold()
		m.drawing.stale = true
	}
}

// KeyAt returns the key at an index below the length of the list.
func (w *Window[K, R]) KeyAt(i int) K { return w.source.Key(i) }

// RowAt is [Model.RowAt].
func (w *Window[K, R]) RowAt(line int) (i int, ok bool) { return w.cursor.rowAt(line, w.source.Len()) }

// TitleAt is [Model.TitleAt].
func (w *Window[K, R]) TitleAt(x int) (title string, ok bool) { return w.drawing.titleAt(x) }

// Scroll is [Model.Scroll].
func (w *Window[K, R]) Scroll(lines int) {
	if w.cursor.scroll(lines, w.source.Len()) {
		w.Hold()
		w.drawing.stale = true
	}
}
