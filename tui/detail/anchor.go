package detail

// anchor is what the cursor is on. It stays there when lines above it come or go.
type anchor struct {
	right  bool
	id     partID
	within int // the row within the part, or the line of the body
	shown  int // the row on the screen
}

// anchor says what the cursor is on.
func (v *viewport) anchor() anchor {
	c := v.columnOf(v.cursor)
	a := anchor{right: v.cursor.right, shown: v.cursor.row - v.top}
	a.id, a.within = c.find(v.cursor.row)
	if line, ok := c.lineOfBody(v.cursor.row); ok {
		a.within = line
	}
	return a
}

// restore moves the cursor to what it was on. The lines move with it, unless they are at the
// top.
func (v *viewport) restore(a anchor) {
	at := place{a.right && v.two(), v.cursor.row}
	switch c := v.columnOf(at); a.id {
	case tree:
		at.right = v.two()
		if c := v.columnOf(at); c.body != nil {
			at.row = c.start(tree) + c.body.RowOf(a.within)
		}
	case partCount:
	default:
		if a.within < c.sizeOf(a.id) {
			at.row = c.start(a.id) + a.within
		}
	}
	if v.top > 0 {
		v.scrollTo(at.row - a.shown)
	}
	v.goTo(at)
}
