package table

import (
	"cmp"

	"github.com/up42/up42-webhooks/tui/table/columns"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Column draws one value of each row. Min, Max, Usual, Weight and Drop say how wide
// it is: see [columns.Column] and [columns.Grow].
type Column[R any] struct {
	Title               string
	Min, Max            int
	Usual, Weight, Drop int
	// Right aligns the values to the right.
	Right bool
	// Cell returns the value as clean text for width cells. The table cuts or
	// fills it to that width.
	Cell func(r R, width int) string
	// Spans returns the value in several styles, in place of Cell and Style. The table is done
	// with them before it calls Spans again.
	Spans func(r R, width int) []theme.Span
	// Keys are what a filter calls the value. What it looks for is marked in columns that have
	// Keys: see [Word].
	Keys []string
	// Style returns the style of the cell. Nil: the style of the row.
	Style func(r R) theme.Style
}

// widths returns the widths of the columns in a line of room cells.
func widths[R any](all []Column[R], room int) []int {
	needs := make([]columns.Column, len(all))
	for i, c := range all {
		needs[i] = columns.Column{Min: c.Min, Max: c.Max, Usual: c.Usual, Weight: c.Weight, Drop: c.Drop}
	}
	return columns.Grow(needs, room)
}

// Order is a way to sort rows.
type Order[R any] struct {
	Name string
	// Column is the title of the column that shows the mark for this order. It
	// may be empty.
	Column string
	// Compare is like cmp.Compare. Rows that are equal are sorted by their ids.
	Compare func(a, b R) int
}

// Options describe a table. Commands call ID, Text and Compare too, concurrently
// with the table, so these must depend only on their arguments.
type Options[K cmp.Ordered, R any] struct {
	Columns []Column[R]
	// ID returns the id of a row. No two rows have the same one.
	ID func(R) K
	// Orders are the ways to sort, at least one. The first is the one at the
	// start.
	Orders []Order[R]
	// Text returns the text that SetFilter searches. It may be nil if SetFilter
	// is not used.
	Text func(R) string
	// Style returns the style of a row. Nil: plain.
	Style func(R) theme.Style
	// Marked reports whether a row is marked. It may be nil.
	Marked func(R) bool
	Theme  *theme.Theme
	// Empty returns a few clean lines that say why there are no rows. It may be
	// nil.
	Empty func(filtered bool) []string
	// Limit is the largest number of rows. If there are more, the table removes
	// the last ones in the first order. 0: no limit.
	Limit int
	// Trimmed gets the rows that were removed for the limit. It may be nil.
	Trimmed func(rows []R)
	// Changed gets each change of the rows: those that are not there any more, as they were
	// replaced or removed, and those that are there now. It may be nil.
	Changed func(out, in []R)
}

// compare returns a total order: rows that compare as equal have the same id.
func (o *Options[K, R]) compare(s sorting) func(a, b R) int {
	by, id := o.Orders[s.order].Compare, o.ID
	compare := func(a, b R) int {
		if c := by(a, b); c != 0 {
			return c
		}
		return cmp.Compare(id(a), id(b))
	}
	if s.reversed {
		return func(a, b R) int { return compare(b, a) }
	}
	return compare
}
