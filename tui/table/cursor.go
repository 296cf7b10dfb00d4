package table

// cursor is the position of the cursor in the view, and the row that it is on.
type cursor[R any] struct {
	at, top int // indexes into the view: the cursor's, and that of the first row on the screen
	lines   int // rows on the screen
	// If holds is true the cursor stays on the row held, which is as it was last in
	// the view. Otherwise the cursor stays on the first line.
	held  R
	holds bool
}

// place moves the cursor to an index, within bounds, and scrolls as little as
// possible. rows is the number of rows in the view.
func (c *cursor[R]) place(at, rows int) {
	page := max(1, c.lines)
	c.at = max(0, min(at, rows-1))
	c.top = min(max(c.top, c.at-page+1), c.at)
	c.top = max(0, min(c.top, rows-page))
}

// rowAt returns the index of the row on a line of the view, whose line 0 has the titles.
func (c *cursor[R]) rowAt(line, rows int) (i int, ok bool) {
	i = c.top + line - 1
	return i, line >= 1 && line <= c.lines && i < rows
}

// scroll moves what is on the screen by some lines, and the cursor only if it would leave the
// screen. It returns false if that can't go further.
func (c *cursor[R]) scroll(lines, rows int) bool {
	page := max(1, c.lines)
	top := max(0, min(c.top+lines, rows-page))
	if top == c.top {
		return false
	}
	c.top = top
	c.at = max(c.top, min(c.at, c.top+page-1, rows-1))
	return true
}

// hold keeps the cursor on its row from now on, if there is one. rows is the number of rows,
// and row returns one of them.
func (c *cursor[R]) hold(rows int, row func(i int) R) {
	if c.holds = rows > 0; c.holds {
		c.held = row(c.at)
	}
}

// settle moves the cursor to its row after the view has changed. The row stays on
// its line of the screen, so that it does not jump. find returns the index of a
// row, or the index at which it would be.
func (c *cursor[R]) settle(rows int, row func(i int) R, find func(R) int) {
	at, line := 0, 0
	if c.holds {
		at, line = find(c.held), c.at-c.top
	}
	c.top = at - line
	c.place(at, rows)
	if c.holds && rows > 0 {
		c.held = row(c.at)
	}
}
