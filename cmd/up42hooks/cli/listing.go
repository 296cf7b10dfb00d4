package cli

import (
	"io"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Column is one column of a listing.
type Column[R any] struct {
	Title string
	// width is what the column's cells usually need, in terminal cells. It
	// keeps a listing that is printed page by page aligned.
	Width int
	// least is how narrow it may get on a narrow terminal; 0: it keeps the
	// width of its content.
	Least int
	// drop says which columns a narrow terminal goes without, the highest first;
	// 0 stays.
	Drop int
	// spare: a terminal goes without the column where the first page has nothing
	// in it.
	Spare bool
	Right bool
	// cell is what to print; it need not be clean.
	Cell func(R) string
	// style is how to print it on a terminal with colours; nil: plain.
	Style func(R) theme.Style
}

// listing prints records as the lines of a table, a page at a time. On a
// terminal it fits the lines to its width; elsewhere nothing is cut.
type listing[R any] struct {
	out     io.Writer
	columns []Column[R]
	widths  []int
	empty   []bool // spare columns that the first page has nothing in
	// cells is the terminal's width, 0: no terminal.
	Cells  int
	header theme.Style
	titled bool
}

func NewListing[R any](w Env, look *theme.Theme, columns []Column[R]) *listing[R] {
	l := &listing[R]{out: w.Stdout, columns: columns, widths: make([]int, len(columns)), empty: make([]bool, len(columns)), header: look.Header}
	l.Cells, _ = w.Width()
	for i, c := range columns {
		l.widths[i] = max(c.Width, text.Width(c.Title))
	}
	return l
}

const (
	gap = 2
	// widest is how wide a column gets by itself, so that one odd value does not
	// stretch all lines; longest is what is printed of a value. --json has all.
	widest  = 64
	longest = 256
)

// Print prints a page, the first one under the titles.
func (l *listing[R]) Print(records []R) error {
	lines := make([][]string, len(records))
	for i, r := range records {
		lines[i] = l.cleaned(r)
	}
	if !l.titled {
		for i, c := range l.columns {
			l.empty[i] = c.Spare && !slices.ContainsFunc(lines, func(cells []string) bool { return cells[i] != OrDash("") })
		}
	}
	widths := l.fitted()
	var b strings.Builder
	if !l.titled {
		l.titled = true
		l.write(&b, l.titles(), widths, func(int) theme.Style { return l.header })
	}
	for i, r := range records {
		l.write(&b, lines[i], widths, func(column int) theme.Style {
			if style := l.columns[column].Style; style != nil {
				return style(r)
			}
			return theme.Style{}
		})
	}
	_, err := io.WriteString(l.out, b.String())
	return err
}

func (l *listing[R]) titles() []string {
	out := make([]string, len(l.columns))
	for i, c := range l.columns {
		out[i] = c.Title
	}
	return out
}

// cleaned are a record's cells; the columns become as wide as they need.
func (l *listing[R]) cleaned(r R) []string {
	out := make([]string, len(l.columns))
	for i, c := range l.columns {
		out[i] = text.Clean(c.Cell(r), longest)
		l.widths[i] = max(l.widths[i], min(text.Width(out[i]), widest))
	}
	return out
}

// dropped is the width of a column that there is no room for.
const dropped = -1

// fitted shares the terminal's width out. Columns that may be dropped are, where
// all would not fit even at their least; then the widest that may shrink give
// way. If that is not enough the last columns are cut.
func (l *listing[R]) fitted() []int {
	if l.Cells == 0 {
		return l.widths
	}
	widths := slices.Clone(l.widths)
	for i := range widths {
		if l.empty[i] {
			widths[i] = dropped
		}
	}
	for over(widths, l.leastOf) > l.Cells {
		i := l.droppable(widths)
		if i < 0 {
			break
		}
		widths[i] = dropped
	}
	whole := func(_, width int) int { return width }
	for excess := over(widths, whole) - l.Cells; excess > 0; excess-- {
		i := l.shrinkable(widths)
		if i < 0 {
			break
		}
		widths[i]--
	}
	left := l.Cells
	for i := range widths {
		if widths[i] == dropped {
			continue
		}
		widths[i] = max(0, min(widths[i], left))
		left -= widths[i] + gap
	}
	return widths
}

// over is how wide a line gets with the columns that are there.
func over(widths []int, of func(column, width int) int) (sum int) {
	for i, w := range widths {
		if w != dropped {
			sum += of(i, w) + gap
		}
	}
	return sum - gap
}

// leastOf is how narrow a column may get.
func (l *listing[R]) leastOf(column, width int) int {
	c := l.columns[column]
	if c.Least == 0 {
		return width
	}
	return min(width, max(c.Least, text.Width(c.Title)))
}

// droppable is the column that is missed least, -1: all that are left stay.
func (l *listing[R]) droppable(widths []int) int {
	found := -1
	for i, c := range l.columns {
		if c.Drop > 0 && widths[i] != dropped && (found < 0 || c.Drop > l.columns[found].Drop) {
			found = i
		}
	}
	return found
}

// shrinkable is the widest column that may still shrink, -1: none.
func (l *listing[R]) shrinkable(widths []int) int {
	found := -1
	for i, c := range l.columns {
		if c.Least > 0 && widths[i] > l.leastOf(i, widths[i]) && (found < 0 || widths[i] > widths[found]) {
			found = i
		}
	}
	return found
}

// write writes a line without the spaces at its end.
func (l *listing[R]) write(b *strings.Builder, cells []string, widths []int, style func(column int) theme.Style) {
	spaces, first := 0, true
	for i, cell := range cells {
		if widths[i] == dropped {
			continue
		}
		if widths[i] == 0 {
			break
		}
		if !first {
			spaces += gap
		}
		first = false
		if l.Cells > 0 || text.Width(cell) < widths[i] {
			cell = text.Fit(cell, widths[i])
		}
		if l.columns[i].Right {
			cell = flushRight(cell)
		}
		word := strings.TrimRight(cell, " ")
		if word != "" {
			b.WriteString(strings.Repeat(" ", spaces))
			b.WriteString(style(i).Apply(word))
			spaces = 0
		}
		spaces += len(cell) - len(word)
	}
	b.WriteByte('\n')
}

// flushRight moves the padding to the left.
func flushRight(cell string) string {
	word := strings.TrimRight(cell, " ")
	return cell[len(word):] + word
}
