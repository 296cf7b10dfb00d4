package jsontree

import (
	"sort"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
)

// Heights are how many rows of a width each line of a tree takes. It never changes.
type Heights struct {
	width int
	rows  []uint16
}

// Measure finds out how the lines break in rows of width cells. For a tree of a megabyte that
// takes some milliseconds.
func (t *Tree) Measure(width int) *Heights {
	h := &Heights{width: width, rows: make([]uint16, t.Len())}
	for i := range h.rows {
		h.rows[i] = 1
		if room := width - 1 - len(textblock.Indent); t.mayBreak(i, room) {
			h.rows[i] = uint16(len(t.wrap(i, width)))
		}
	}
	return h
}

// Width is the width that was measured.
func (h *Heights) Width() int { return h.width }

// mayBreak reports whether a line may be longer than some cells. Not to look at its characters
// is much faster.
func (t *Tree) mayBreak(i, cells int) bool {
	const perByte = 3 // cells: what is invisible is written as \u202e
	bytes := 0
	if t.plain != nil {
		bytes = len(t.plain[i])
	} else {
		l := &t.lines[i]
		bytes = int(l.key.to-l.key.from+l.value.to-l.value.from) + indent(l) + len(": ,")
	}
	return bytes > cells || bytes*perByte > cells && !t.isASCII(i)
}

func (t *Tree) isASCII(i int) bool {
	if t.plain != nil {
		return text.Width(t.plain[i]) == len(t.plain[i])
	}
	l := &t.lines[i]
	for _, s := range [...]span{l.key, l.value} {
		for _, c := range t.src[s.from:s.to] {
			if c >= 0x7f {
				return false
			}
		}
	}
	return true
}

// View is a tree of which some lines are folded, in rows of a width.
type View struct {
	*Tree
	heights *Heights
	folded  map[int]bool
	visible []int32 // the lines that are not inside a folded one
	starts  []int32 // the first row of each of them
	rows    int
}

// NewView shows a tree that was measured. Nothing is folded.
func NewView(t *Tree, h *Heights) *View {
	v := &View{Tree: t, heights: h, folded: map[int]bool{}}
	v.arrange()
	return v
}

// Width is the width of the rows.
func (v *View) Width() int { return v.heights.width }

// Resize takes rows of another width.
func (v *View) Resize(h *Heights) {
	v.heights = h
	v.arrange()
}

func (v *View) arrange() {
	v.visible, v.starts, v.rows = v.visible[:0], v.starts[:0], 0
	for i := 0; i < v.Len(); i++ {
		v.visible, v.starts = append(v.visible, int32(i)), append(v.starts, int32(v.rows))
		if v.folded[i] {
			v.rows++
			i = v.End(i)
			continue
		}
		v.rows += int(v.heights.rows[i])
	}
}

// Rows is how many rows there are.
func (v *View) Rows() int { return v.rows }

// At returns the line of a row, and the row within that line.
func (v *View) At(row int) (line, within int) {
	i := sort.Search(len(v.starts), func(i int) bool { return int(v.starts[i]) > row }) - 1
	if i < 0 {
		return 0, 0
	}
	return int(v.visible[i]), row - int(v.starts[i])
}

// RowOf is the first row of a line, or of the folded line that it is in.
func (v *View) RowOf(line int) int {
	i := sort.Search(len(v.visible), func(i int) bool { return int(v.visible[i]) > line }) - 1
	if i < 0 {
		return 0
	}
	return int(v.starts[i])
}

// Folded reports whether a line is folded.
func (v *View) Folded(line int) bool { return v.folded[line] }

// Fold folds or unfolds a line. It returns false if that changes nothing.
func (v *View) Fold(line int, folded bool) bool {
	if !v.Opens(line) || v.folded[line] == folded {
		return false
	}
	v.set(line, folded)
	v.arrange()
	return true
}

func (v *View) set(line int, folded bool) {
	if folded {
		v.folded[line] = true
	} else {
		delete(v.folded, line)
	}
}

// FoldAll folds all containers but the outermost one, or unfolds all.
func (v *View) FoldAll(folded bool) {
	clear(v.folded)
	if folded {
		for i := range v.lines {
			if l := &v.lines[i]; l.end > 0 && l.depth > 0 {
				v.folded[i] = true
			}
		}
	}
	v.arrange()
}

// AnyFolded reports whether a line is folded.
func (v *View) AnyFolded() bool { return len(v.folded) > 0 }

// Reveal unfolds what hides a line.
func (v *View) Reveal(line int) {
	changed := false
	for at := v.Container(line); at >= 0; at = v.Container(at) {
		if v.folded[at] && v.End(at) >= line {
			delete(v.folded, at)
			changed = true
		}
	}
	if changed {
		v.arrange()
	}
}
