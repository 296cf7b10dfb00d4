package table

import (
	"github.com/up42/up42-webhooks/tui/table/columns"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// gutter is the width of the cursor's bar and the space behind it.
const gutter = 2

// drawing draws a part of the rows, and keeps the result until it is stale.
type drawing[R any] struct {
	columns []Column[R]
	theme   *theme.Theme
	style   func(R) theme.Style // may be nil
	marked  func(R) bool        // may be nil
	sought  []Word              // what is marked in the cells

	w, h   int
	widths []int // of the columns; 0: not drawn
	drawn  string
	stale  bool
	pen    pen
	behind string // what is drawn in the gap behind the next column
}

// resize sets the size in cells. The line of the titles is part of it.
func (d *drawing[R]) resize(w, h int) {
	d.w, d.h = max(0, w), max(0, h)
	d.widths = widths(d.columns, d.w-gutter)
	d.stale = true
}

// lines returns the number of rows that fit.
func (d *drawing[R]) lines() int { return max(0, d.h-1) }

// titles draws the titles. sorted is the title of the column that is marked.
func (d *drawing[R]) titles(sorted string, reversed bool) {
	p, mark := &d.pen, d.theme.Glyphs.Down
	p.theme = d.theme
	if reversed {
		mark = d.theme.Glyphs.Up
	}
	p.use(d.theme.Header)
	p.fit("", min(gutter, d.w), false)
	left := d.eachColumn(func(c *Column[R], width int) {
		title := c.Title
		switch {
		case title != sorted || title == "":
		case text.Width(title) == width && c.Title != d.lastTitle():
			d.behind = mark
		default:
			title = text.Clean(title, width-1) + mark
		}
		p.fit(title, width, c.Right)
	})
	p.fit("", left, false)
	p.end()
}

// lastTitle is the title of the last column that is drawn.
func (d *drawing[R]) lastTitle() (title string) {
	for i, width := range d.widths {
		if width > 0 {
			title = d.columns[i].Title
		}
	}
	return title
}

// titleAt returns the title of the column at a cell. The gap behind a column belongs to it.
func (d *drawing[R]) titleAt(x int) (title string, ok bool) {
	end := gutter
	for i, width := range d.widths {
		if width == 0 {
			continue
		}
		if end += width + columns.Gap; x < end && x >= 0 && x < d.w {
			return d.columns[i].Title, true
		}
	}
	return "", false
}

// rows draws the rows that fit, from the one at top on. n is how many rows there are, row
// returns one of them, and cursor is the index of the row under the cursor.
func (d *drawing[R]) rows(n int, row func(i int) R, top, cursor int) {
	for i := top; i < top+d.lines(); i++ {
		d.pen.newLine()
		if i < n {
			d.row(row(i), i == cursor)
		} else {
			d.pen.fit("", d.w, false)
		}
	}
}

func (d *drawing[R]) row(r R, current bool) {
	p := &d.pen
	var plain theme.Style
	if d.style != nil {
		plain = d.style(r)
	}
	d.edge(plain, current, d.marked != nil && d.marked(r))
	p.use(plain)
	left := d.eachColumn(func(c *Column[R], width int) {
		p.sought = in(c, d.sought, p.sought[:0])
		defer func() { p.sought = p.sought[:0] }()
		switch {
		case c.Spans != nil:
			p.spans(c.Spans(r, width), width)
			p.use(plain)
			return
		case c.Style != nil:
			p.use(c.Style(r))
		default:
			p.use(plain)
		}
		p.fit(c.Cell(r, width), width, c.Right)
	})
	p.fit("", left, false)
	p.end()
}

// edge draws what is before the columns: the bar of the cursor and the mark of the row. A marked row
// has the bar only if nothing else says that the cursor is on it.
func (d *drawing[R]) edge(plain theme.Style, current, marked bool) {
	p := &d.pen
	bar, styled := "", d.theme.UnderCursor(plain) != plain
	if current {
		bar, p.current = d.theme.Glyphs.Bar, d.theme
		p.use(d.theme.Accent)
	}
	room := min(gutter, d.w)
	switch {
	case !marked:
		p.fit(bar, room, false)
		return
	case current && !styled:
		p.fit(bar, min(1, room), false)
		room--
	}
	p.use(d.theme.Mark)
	p.fit(d.theme.Glyphs.Marked, room, false)
}

// eachColumn calls draw for each column that has a width, and draws the gaps. It
// returns the number of cells that are left in the line.
func (d *drawing[R]) eachColumn(draw func(c *Column[R], width int)) (left int) {
	left = d.w - gutter
	first := true
	for i, width := range d.widths {
		if width == 0 {
			continue
		}
		if !first {
			d.pen.fit(d.behind, columns.Gap, false)
			d.behind = ""
			left -= columns.Gap
		}
		first = false
		draw(&d.columns[i], width)
		left -= width
	}
	return left
}

// message draws words in place of rows.
func (d *drawing[R]) message(words []string) {
	const margin = 2
	all := text.Message(words, d.w-margin, d.lines())
	skip := max(0, (d.lines()-len(all))/3)
	for i := range d.lines() {
		line := ""
		if n := i - skip; n >= 0 && n < len(all) {
			line = text.Spaces(margin) + all[n]
		}
		d.pen.newLine()
		d.pen.fit(line, d.w, false)
	}
}
