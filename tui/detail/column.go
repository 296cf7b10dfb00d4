package detail

import (
	"slices"

	"github.com/up42/up42-webhooks/tui/jsontree"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

// part is a run of lines, with the indexes of those at which sections start, and the fields.
type part struct {
	lines    []textblock.Line
	sections []int
	fields   []textblock.Field
}

func partOf(b textblock.Block) part { return part{b.Lines, b.Sections, b.Fields} }

// partID names a part of a column.
type partID int

// The parts of a column, from the top. The tree is the body of the delivery.
const (
	head partID = iota
	tail
	tree
	end
	partCount
)

// column has lines that are as wide as it is.
type column struct {
	w     int
	parts [partCount]part // that of the tree is empty
	// body is nil if the column does not show it.
	body  *jsontree.View
	theme *theme.Theme
}

func (c *column) sizeOf(id partID) int {
	if id == tree {
		if c.body == nil {
			return 0
		}
		return c.body.Rows()
	}
	return len(c.parts[id].lines)
}

func (c *column) size() (n int) {
	for id := range partCount {
		n += c.sizeOf(id)
	}
	return n
}

// start is the row at which a part starts.
func (c *column) start(id partID) (row int) {
	for before := range id {
		row += c.sizeOf(before)
	}
	return row
}

// find returns the part that a row is in, and the row within that part.
func (c *column) find(row int) (id partID, within int) {
	for id := range partCount {
		if n := c.sizeOf(id); row < n {
			return id, row
		} else {
			row -= n
		}
	}
	return partCount, 0
}

// line returns a line, which is empty behind the last one.
func (c *column) line(row int) textblock.Line {
	switch id, within := c.find(row); id {
	case partCount:
		return nil
	case tree:
		return c.body.Row(within, c.theme)
	default:
		return c.parts[id].lines[within]
	}
}

// sections returns the rows at which sections start.
func (c *column) sections() (rows []int) {
	for id := range partCount {
		start := c.start(id)
		for _, s := range c.parts[id].sections {
			rows = append(rows, start+s)
		}
	}
	slices.Sort(rows)
	return rows
}

// field returns the field that a row shows; ok is false if it shows none.
func (c *column) field(row int) (f textblock.Field, ok bool) {
	id, within := c.find(row)
	if id == partCount || id == tree {
		return f, false
	}
	for _, f := range c.parts[id].fields {
		if f.From <= within && within < f.To {
			return f, true
		}
	}
	return f, false
}

// lineOfBody is the line of the body that a row shows.
func (c *column) lineOfBody(row int) (line int, ok bool) {
	id, within := c.find(row)
	if id != tree {
		return 0, false
	}
	line, _ = c.body.At(within)
	return line, true
}
