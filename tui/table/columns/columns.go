// Package columns computes the widths of a table's columns. The tables on the
// screen use [Grow], the listings of the commands use [Shrink].
//
// Widths are in terminal cells. A column of width 0 is not drawn.
package columns

// Gap is the number of spaces between two columns.
const Gap = 2

// Column says how much room a column needs.
type Column struct {
	// Min is the least useful width. Max is the largest; 0: no limit.
	Min, Max int
	// Usual is the width that most values need. 0: Max.
	Usual int
	// Weight is the column's share of the room that is left over. 0: the column
	// keeps its width.
	Weight int
	// Drop says which columns are left out if there is too little room: those
	// with the highest Drop first, and of equal ones the last. 0: never.
	Drop int
}

// Grow starts with the least widths and shares the remaining room by weight:
// first until each column has its usual width, then until each has its largest.
// If even the least widths don't fit, it leaves columns out, then makes the widest
// ones narrower, and then leaves out the last ones.
//
// The widths do not depend on the values, so the columns stay in place while rows
// change.
func Grow(columns []Column, room int) []int {
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = max(1, c.Min)
	}
	drop(columns, widths, room, func(i int) int { return widths[i] })
	for used(widths) > room {
		if !narrow(widths, func(int) int { return 1 }) && !removeLast(widths) {
			return widths
		}
	}
	share(columns, widths, room-used(widths), Column.usual)
	share(columns, widths, room-used(widths), func(c Column) int { return c.Max })
	return widths
}

// Shrink starts with the usual widths, which are those of the values that are
// printed. If they don't fit, it leaves columns out until the least widths fit,
// and then makes the widest columns narrower. If that is not enough, it cuts off
// the last columns.
func Shrink(columns []Column, room int) []int {
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = c.Usual
	}
	least := func(i int) int { return min(columns[i].Min, columns[i].Usual) }
	drop(columns, widths, room, least)
	for used(widths) > room && narrow(widths, least) {
	}
	left := room
	for i, w := range widths {
		if w > 0 {
			widths[i] = max(0, min(w, left))
			left -= w + Gap
		}
	}
	return widths
}

// drop leaves out columns until the least widths fit.
func drop(columns []Column, widths []int, room int, least func(i int) int) {
	smallest := make([]int, len(widths))
	for i := range widths {
		smallest[i] = least(i)
		if widths[i] == 0 {
			smallest[i] = 0
		}
	}
	for used(smallest) > room {
		found := -1
		for i, c := range columns {
			if smallest[i] > 0 && c.Drop > 0 && (found < 0 || c.Drop >= columns[found].Drop) {
				found = i
			}
		}
		if found < 0 {
			return
		}
		widths[found], smallest[found] = 0, 0
	}
}

// used returns the width of a line.
func used(widths []int) int {
	sum, n := 0, 0
	for _, w := range widths {
		if w > 0 {
			sum += w
			n++
		}
	}
	return sum + max(0, n-1)*Gap
}

// narrow takes a cell from the widest column that is wider than its least width.
// It reports false if there is no such column.
func narrow(widths []int, least func(i int) int) bool {
	widest := -1
	for i, w := range widths {
		if w > least(i) && (widest < 0 || w > widths[widest]) {
			widest = i
		}
	}
	if widest < 0 {
		return false
	}
	widths[widest]--
	return true
}

// removeLast leaves out the last column. It reports false if all are left out.
func removeLast(widths []int) bool {
	for i := len(widths) - 1; i >= 0; i-- {
		if widths[i] > 0 {
			widths[i] = 0
			return true
		}
	}
	return false
}

// usual is the width up to which a column grows while others are below theirs.
func (c Column) usual() int {
	if c.Usual > 0 {
		return c.Usual
	}
	return c.Max
}

// share distributes cells by weight until no column can grow. most is a column's
// largest width; 0: no limit.
func share(columns []Column, widths []int, left int, most func(Column) int) {
	grows := func(i int) bool {
		c := columns[i]
		return widths[i] > 0 && c.Weight > 0 && (most(c) == 0 || widths[i] < most(c))
	}
	for left > 0 {
		sum := 0
		for i := range columns {
			if grows(i) {
				sum += columns[i].Weight
			}
		}
		if sum == 0 {
			return
		}
		given := 0
		for i, c := range columns {
			if !grows(i) || given == left {
				continue
			}
			more := min(max(1, left*c.Weight/sum), left-given)
			if limit := most(c); limit > 0 {
				more = min(more, limit-widths[i])
			}
			widths[i] += more
			given += more
		}
		left -= given
	}
}
