package cli

import (
	"io"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/tui/table/columns"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Column is one column of a listing.
type Column[R any] struct {
	Title string
	// Width is the width that most values need, in cells. It keeps a listing
	// aligned that is printed page by page.
	Width int
	// Least is the least width on a narrow terminal. 0: the width of the values.
	Least int
	// Drop says which columns a narrow terminal leaves out, the highest first. 0:
	// never.
	Drop int
	// Spare says that a terminal leaves the column out if it is empty on the first
	// page.
	Spare bool
	// Right aligns the values to the right.
	Right bool
	// Cell is the text of a value. It may contain control characters.
	Cell func(R) string
	// Style is the style of a value on a terminal with colours. May be nil.
	Style func(R) theme.Style
}

// Listing prints records as a table, page by page. On a terminal it fits the
// lines to the width; elsewhere it cuts nothing.
type Listing[R any] struct {
	// Cells is the width of the terminal, 0 if the output is not one.
	Cells int

	out     io.Writer
	columns []Column[R]
	widths  []int
	empty   []bool // the spare columns that are empty on the first page
	header  theme.Style
	titled  bool
}

// NewListing makes a listing on stdout.
func NewListing[R any](env Env, look *theme.Theme, of []Column[R]) *Listing[R] {
	l := &Listing[R]{out: env.Stdout, columns: of, widths: make([]int, len(of)), empty: make([]bool, len(of)), header: look.Header}
	l.Cells, _ = env.Width()
	for i, c := range of {
		l.widths[i] = max(c.Width, text.Width(c.Title))
	}
	return l
}

const (
	// maxWidth is the largest width that a value gives its column: one long value
	// does not widen all lines.
	maxWidth = 64
	// maxValue is how much of a value is printed, in cells. JSON has all of it.
	maxValue = 256
)

// Print prints a page. The titles come before the first page.
func (l *Listing[R]) Print(records []R) error {
	lines := make([][]string, len(records))
	for i, r := range records {
		lines[i] = l.cells(r)
	}
	var b strings.Builder
	if !l.titled {
		for i, c := range l.columns {
			l.empty[i] = c.Spare && !slices.ContainsFunc(lines, func(cells []string) bool { return cells[i] != OrDash("") })
		}
	}
	widths := l.fit()
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

func (l *Listing[R]) titles() []string {
	out := make([]string, len(l.columns))
	for i, c := range l.columns {
		out[i] = c.Title
	}
	return out
}

// cells returns the clean cells of a record. It widens the columns to them.
func (l *Listing[R]) cells(r R) []string {
	out := make([]string, len(l.columns))
	for i, c := range l.columns {
		out[i] = text.Clean(c.Cell(r), maxValue)
		l.widths[i] = max(l.widths[i], min(text.Width(out[i]), maxWidth))
	}
	return out
}

// fit returns the widths of the columns on this output. A column of width 0 is
// left out.
func (l *Listing[R]) fit() []int {
	if l.Cells == 0 {
		return l.widths
	}
	needs := make([]columns.Column, len(l.columns))
	for i, c := range l.columns {
		if l.empty[i] {
			continue
		}
		needs[i] = columns.Column{Usual: l.widths[i], Min: l.widths[i], Drop: c.Drop}
		if c.Least > 0 {
			needs[i].Min = max(c.Least, text.Width(c.Title))
		}
	}
	return columns.Shrink(needs, l.Cells)
}

// write writes a line without trailing spaces.
func (l *Listing[R]) write(b *strings.Builder, cells []string, widths []int, style func(column int) theme.Style) {
	spaces, first := 0, true
	for i, cell := range cells {
		if widths[i] == 0 && l.Cells > 0 {
			continue
		}
		if !first {
			spaces += columns.Gap
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

// flushRight moves the trailing spaces of a cell to its front.
func flushRight(cell string) string {
	word := strings.TrimRight(cell, " ")
	return cell[len(word):] + word
}
