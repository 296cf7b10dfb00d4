package table

import "github.com/up42/up42-webhooks/tui/theme"

// Source is a list of rows that a Window shows. Each row has a key, also one that is not read
// yet.
type Source[K comparable, R any] interface {
	Len() int
	Key(i int) K
	// Index returns the place of a row, or where it would be. ok is false if that is not
	// known.
	Index(K) (i int, ok bool)
	// Row returns a row as it is to be drawn.
	Row(K) R
}

// WindowOptions describe a Window.
type WindowOptions[R any] struct {
	Columns []Column[R]
	// Marked reports whether a row is marked. It may be nil.
	Marked func(R) bool
	// Sorted is the title of the column that shows the mark for the order.
	Sorted string
	Theme  *theme.Theme
	// Empty returns a few clean lines that say why there are no rows.
	Empty func() []string
}

// Window is a table that looks at a part of a list that others keep. It asks only for the rows
// on the screen. The cursor stays on its row, as in a Model. A Window is not safe for
// concurrent use.
type Window[K comparable, R any] struct {
	o       WindowOptions[R]
	source  Source[K, R]
	cursor  cursor[K]
	drawing drawing[R]
}

// NewWindow makes a Window.
func NewWindow[K comparable, R any](s Source[K, R], o WindowOptions[R]) *Window[K, R] {
	return &Window[K, R]{o: o, source: s, drawing: drawing[R]{columns: o.Columns, theme: o.Theme, marked: o.Marked, stale: true}}
}

// Changed must be called after the list has changed.
func (w *Window[K, R]) Changed() {
	w.cursor.settle(w.source.Len(), w.source.Key, func(key K) int {
		if i, ok := w.source.Index(key); ok {
			return i
		}
		return w.cursor.at
	})
	w.drawing.stale = true
}

func (w *Window[K, R]) moveTo(at int) {
	w.cursor.place(at, w.source.Len())
	w.Hold()
	w.drawing.stale = true
}

// Move moves the cursor by a number of rows.
func (w *Window[K, R]) Move(delta int) { w.moveTo(w.cursor.at + delta) }

// Page moves the cursor by a number of half pages.
func (w *Window[K, R]) Page(halves int) { w.Move(halves * max(1, w.cursor.lines/2)) }

// Home moves the cursor to the first line. It stays there while rows come in.
func (w *Window[K, R]) Home() {
	w.cursor.holds = false
	w.cursor.place(0, w.source.Len())
	w.drawing.stale = true
}

// End moves the cursor to the last row.
func (w *Window[K, R]) End() { w.moveTo(w.source.Len() - 1) }

// Select moves the cursor to a row. It reports false if the list does not have it.
func (w *Window[K, R]) Select(key K) bool {
	i, ok := w.source.Index(key)
	if !ok || i >= w.source.Len() || w.source.Key(i) != key {
		return false
	}
	w.moveTo(i)
	return true
}

// Selected returns the key of the row under the cursor. ok is false if the list is empty.
func (w *Window[K, R]) Selected() (key K, ok bool) {
	if w.cursor.at >= w.source.Len() {
		return key, false
	}
	return w.source.Key(w.cursor.at), true
}

// Index returns the cursor's place in the list.
func (w *Window[K, R]) Index() int { return w.cursor.at }

// Hold keeps the cursor on its row, if there is one.
func (w *Window[K, R]) Hold() { w.cursor.hold(w.source.Len(), w.source.Key) }

// Follows reports whether the cursor stays on the first line while rows come in, as it does
// at the start and after Home.
func (w *Window[K, R]) Follows() bool { return !w.cursor.holds }

// Visible returns the range of places on the screen. The last one is not in it.
func (w *Window[K, R]) Visible() (from, to int) {
	return w.cursor.top, min(w.source.Len(), w.cursor.top+w.cursor.lines)
}

// SetSize sets the size in cells. The line of the titles is part of it. The cursor stays on
// the screen.
func (w *Window[K, R]) SetSize(width, height int) {
	if width == w.drawing.w && height == w.drawing.h {
		return
	}
	w.drawing.resize(width, height)
	w.cursor.lines = w.drawing.lines()
	w.cursor.place(w.cursor.at, w.source.Len())
}

// Seek marks words in the rows.
func (w *Window[K, R]) Seek(words []Word) { w.drawing.sought, w.drawing.stale = words, true }

// Invalidate makes the next View draw again.
func (w *Window[K, R]) Invalidate() { w.drawing.stale = true }

// View returns exactly as many lines, of exactly as many cells, as SetSize set. It draws only
// if something has changed.
func (w *Window[K, R]) View() string {
	if d := &w.drawing; d.stale {
		d.drawn, d.stale = w.draw(), false
	}
	return w.drawing.drawn
}

func (w *Window[K, R]) draw() string {
	d, c := &w.drawing, &w.cursor
	if d.w == 0 || d.h == 0 {
		return ""
	}
	d.pen.buf = d.pen.buf[:0]
	d.titles(w.o.Sorted, false)
	if n := w.source.Len(); n > 0 {
		d.rows(n, func(i int) R { return w.source.Row(w.source.Key(i)) }, c.top, c.at)
	} else {
		d.message(w.o.Empty())
	}
	return string(d.pen.buf)
}
