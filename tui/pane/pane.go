// Package pane places the details of a row beside the table, with a list of what can be done
// with the row. It knows sizes and draws; what the details say is made in tui/detail.
package pane

import (
	"strings"

	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	// From is the width of the screen from which on there is room for a pane.
	From = 130
	// table is the width that the table keeps if the user does not choose another, leastTable
	// and least are the least widths of the table and of the pane.
	table, leastTable, least = 80, 60, 36
	// step is how far a key moves the edge.
	step = 4
	// Edge is how many cells are between the table and the pane, whose lines begin with a space: a
	// space, as a cell of the table may be full, and the line.
	Edge = 2
)

// Pane is the room for details beside a table. Its zero value shows them, as wide as is usual.
type Pane struct {
	// Hidden says that the user does not want it.
	Hidden bool
	// Width is what the user chose, in cells. 0: what is usual.
	Width int
}

// Fits reports whether a screen of w cells has room for a pane.
func Fits(w int) bool { return w >= From }

// Open reports whether the pane is shown on a screen of w cells.
func (p *Pane) Open(w int) bool { return !p.Hidden && Fits(w) }

// Split returns the widths of the table and of the pane on a screen of w cells.
func (p *Pane) Split(w int) (left, right int) {
	right = p.Width
	if right == 0 {
		right = min(w*2/5, w-table-Edge)
	}
	right = max(least, min(right, w-leastTable-Edge))
	return w - Edge - right, right
}

// Move moves the edge by some steps, to the left if delta is positive: the pane becomes wider.
// It returns false if the edge can't go further.
func (p *Pane) Move(w, delta int) bool {
	_, before := p.Split(w)
	p.Width = before + delta*step
	_, p.Width = p.Split(w)
	return p.Width != before
}

// MoveTo moves the edge's line to a column of a screen of w cells, as far as it can go.
func (p *Pane) MoveTo(w, x int) {
	p.Width = max(1, w-1-x)
	_, p.Width = p.Split(w)
}

// Join draws the table and the pane, whose lines belong to each other. focused says that keys
// go to the pane.
func Join(th *theme.Theme, left, right string, focused bool) string {
	edge := th.Rule.Apply(th.Glyphs.Divider)
	if focused {
		edge = th.Tab.Apply(th.Glyphs.Focused)
	}
	var b strings.Builder
	b.Grow(len(left) + len(right) + 1024)
	for more := true; more; {
		var l, r string
		l, left, more = strings.Cut(left, "\n")
		r, right, _ = strings.Cut(right, "\n")
		b.WriteString(l)
		b.WriteByte(' ')
		b.WriteString(edge)
		b.WriteString(r)
		if more {
			b.WriteByte('\n')
		}
	}
	return b.String()
}
