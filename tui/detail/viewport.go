package detail

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

// part is a run of lines, and the indexes of those at which sections start.
type part struct {
	lines    []textblock.Line
	sections []int
}

func partOf(b textblock.Block) part { return part{b.Lines, b.Sections} }

// column has lines that are as wide as it is.
type column struct {
	w          int
	head, tail part
}

func (c *column) size() int { return len(c.head.lines) + len(c.tail.lines) }

// line returns a line, which is empty behind the last one.
func (c *column) line(at int) textblock.Line {
	switch {
	case at < len(c.head.lines):
		return c.head.lines[at]
	case at < c.size():
		return c.tail.lines[at-len(c.head.lines)]
	default:
		return nil
	}
}

func (c *column) sections() []int {
	out := slices.Clone(c.head.sections)
	for _, s := range c.tail.sections {
		out = append(out, len(c.head.lines)+s)
	}
	return out
}

// viewport shows the lines that fit on the screen, and scrolls. It has one column, or two if
// there is room: these scroll together.
type viewport struct {
	keys  keyMap
	theme *theme.Theme
	w, h  int
	// right has no width if there is one column.
	left, right column
	top         int // the index of the first line on the screen

	drawn string
	stale bool // drawn is out of date
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
	v.right.head, v.right.tail = part{}, part{}
}

// two reports whether there are two columns.
func (v *viewport) two() bool { return v.right.w > 0 }

func (v *viewport) size() int { return max(v.left.size(), v.right.size()) }

func (v *viewport) scrollTo(top int) {
	v.top = max(0, min(top, v.size()-v.h))
	v.stale = true
}

// sections returns where sections start, in both columns.
func (v *viewport) sections() []int {
	all := append(v.left.sections(), v.right.sections()...)
	slices.Sort(all)
	return slices.Compact(all)
}

// nextSection scrolls to the next section, and from the end to the top.
func (v *viewport) nextSection() {
	before := v.top
	for _, s := range v.sections() {
		if s > v.top {
			v.scrollTo(s)
			break
		}
	}
	if v.top == before {
		v.scrollTo(0)
	}
}

// previousSection scrolls to the previous section, and from the top to the end.
func (v *viewport) previousSection() {
	to := v.size()
	for _, s := range v.sections() {
		if s < v.top {
			to = s
		}
	}
	v.scrollTo(to)
}

// press scrolls. It returns false for keys that do not scroll.
func (v *viewport) press(msg tea.KeyMsg) bool {
	k, page := &v.keys, max(1, v.h-1)
	switch {
	case key.Matches(msg, k.up):
		v.scrollTo(v.top - 1)
	case key.Matches(msg, k.down):
		v.scrollTo(v.top + 1)
	case key.Matches(msg, k.pageUp):
		v.scrollTo(v.top - page)
	case key.Matches(msg, k.pageDown):
		v.scrollTo(v.top + page)
	case key.Matches(msg, k.halfUp):
		v.scrollTo(v.top - page/2)
	case key.Matches(msg, k.halfDown):
		v.scrollTo(v.top + page/2)
	case key.Matches(msg, k.home):
		v.scrollTo(0)
	case key.Matches(msg, k.end):
		v.scrollTo(v.size())
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
		v.left.line(at).Append(&b, v.left.w)
		if v.two() {
			b.WriteString(" " + v.theme.Rule.Apply(v.theme.Glyphs.Divider) + " ")
			v.right.line(at).Append(&b, v.right.w)
		}
	}
	return b.String()
}
