package detail

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

// viewport shows the lines that fit on the screen, and scrolls. It has one column, or two if
// there is room: these scroll together. The cursor is in one of them.
type viewport struct {
	keys  keyMap
	theme *theme.Theme
	w, h  int
	// right has no width if there is one column.
	left, right column
	top         int // the index of the first line on the screen
	cursor      place
	// focused says that keys go to the details, so that the cursor is drawn.
	focused bool
	// sought is marked where it occurs. It may be empty.
	sought string

	drawn string
	stale bool // drawn is out of date
}

// place is a row in one of the columns.
type place struct {
	right bool
	row   int
}

const (
	// twoColumns is the width from which on there are two columns, and widestFacts the
	// largest width of the left one. Paragraphs are not wider.
	twoColumns, widestFacts = 150, 100
	// divider is how many cells are between two columns.
	divider = 3
)

// setWidth arranges the columns. Their lines have to be made again.
func (v *viewport) setWidth(w int) {
	v.w, v.left.w, v.right.w = w, w, 0
	if w >= twoColumns {
		v.left.w = min(widestFacts, (w-divider)/2)
		v.right.w = w - divider - v.left.w
	}
}

// clear removes all lines but those at the top of the left column.
func (v *viewport) clear() {
	v.left.parts = [partCount]part{head: v.left.parts[head]}
	v.right.parts = [partCount]part{}
	v.left.body, v.right.body = nil, nil
}

// two reports whether there are two columns.
func (v *viewport) two() bool { return v.right.w > 0 }

func (v *viewport) size() int { return max(v.left.size(), v.right.size()) }

// columnOf is the column that a place is in.
func (v *viewport) columnOf(at place) *column {
	if at.right {
		return &v.right
	}
	return &v.left
}

// withBody is the column that shows the body.
func (v *viewport) withBody() *column {
	if v.two() {
		return &v.right
	}
	return &v.left
}

func (v *viewport) scrollTo(top int) {
	v.top = max(0, min(top, v.size()-v.h))
	v.stale = true
}

// goTo moves the cursor, and the lines if it would not be on the screen.
func (v *viewport) goTo(at place) {
	at.right = at.right && v.two()
	at.row = max(0, min(at.row, v.columnOf(at).size()-1))
	v.cursor = at
	top := v.top
	if at.row < top {
		top = at.row
	}
	v.scrollTo(max(top, at.row-v.h+1))
}

// move moves the cursor by some rows. Below the last one of the left column it goes on in the
// right one, if that is longer.
func (v *viewport) move(rows int) {
	to := place{v.cursor.right, v.cursor.row + rows}
	if v.two() && !to.right && to.row >= v.left.size() && v.right.size() > v.left.size() {
		to.right = true
	}
	v.goTo(to)
}

// page moves the cursor and the lines by some rows.
func (v *viewport) page(rows int) {
	top := v.top + rows
	v.move(rows)
	v.scrollTo(top)
	v.goTo(v.cursor)
}

// show moves the cursor to a row, which becomes the first one on the screen.
func (v *viewport) show(at place) {
	v.scrollTo(at.row)
	v.goTo(at)
}

// sections returns where sections start, those of the left column first.
func (v *viewport) sections() (all []place) {
	for _, right := range []bool{false, true} {
		for _, row := range v.columnOf(place{right: right}).sections() {
			all = append(all, place{right, row})
		}
	}
	return all
}

// before reports whether a place comes before another one: the left column is the first.
func (at place) before(other place) bool {
	if at.right != other.right {
		return other.right
	}
	return at.row < other.row
}

// nextSection goes to the next section, and from the last one to the top.
func (v *viewport) nextSection() {
	for _, s := range v.sections() {
		if v.cursor.before(s) {
			v.show(s)
			return
		}
	}
	v.show(place{})
}

// previousSection goes to the previous section, and from the top to the end.
func (v *viewport) previousSection() {
	to := v.last()
	for _, s := range v.sections() {
		if s.before(v.cursor) {
			to = s
		}
	}
	v.show(to)
}

// last is the last row.
func (v *viewport) last() place {
	at := place{right: v.right.size() > v.left.size()}
	at.row = v.columnOf(at).size() - 1
	return at
}

// press scrolls. It returns false for keys that do not scroll.
func (v *viewport) press(msg tea.KeyMsg) bool {
	k, page := &v.keys, max(1, v.h-1)
	switch {
	case key.Matches(msg, k.up):
		v.move(-1)
	case key.Matches(msg, k.down):
		v.move(1)
	case key.Matches(msg, k.pageUp):
		v.page(-page)
	case key.Matches(msg, k.pageDown):
		v.page(page)
	case key.Matches(msg, k.halfUp):
		v.page(-page / 2)
	case key.Matches(msg, k.halfDown):
		v.page(page / 2)
	case key.Matches(msg, k.home):
		v.goTo(place{})
	case key.Matches(msg, k.end):
		v.goTo(v.last())
	case key.Matches(msg, k.next):
		v.nextSection()
	case key.Matches(msg, k.previous):
		v.previousSection()
	default:
		return false
	}
	return true
}

// where says which lines are on the screen, or returns "" if all are.
func (v *viewport) where() string {
	if v.size() <= v.h {
		return ""
	}
	return fmt.Sprintf("lines %d-%d of %d", v.top+1, min(v.top+v.h, v.size()), v.size())
}

// view returns the lines on the screen. It draws them only if they have changed.
func (v *viewport) view() string {
	if v.stale {
		v.drawn, v.stale = v.draw(), false
	}
	return v.drawn
}

func (v *viewport) draw() string {
	var b strings.Builder
	for i := range v.h {
		if i > 0 {
			b.WriteByte('\n')
		}
		at := v.top + i
		v.line(place{false, at}).Append(&b, v.left.w)
		if v.two() {
			b.WriteString(" " + v.theme.Rule.Apply(v.theme.Glyphs.Divider) + " ")
			v.line(place{true, at}).Append(&b, v.right.w)
		}
	}
	return b.String()
}

// line is the line at a place, as it is drawn.
func (v *viewport) line(at place) textblock.Line {
	c := v.columnOf(at)
	l := c.line(at.row)
	if v.focused && at == v.cursor {
		l = l.UnderCursor(v.theme, c.w)
	}
	if v.sought != "" {
		l = l.Mark(v.theme, v.sought)
	}
	return l
}
