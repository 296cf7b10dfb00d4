// Package overview is the first page: how everything is, what needs the user, and how
// deliveries come in. Each number of it opens its list.
//
// The page is made of panels in boxes. It asks for numbers that others keep, such as the
// tallies of tui/status. What nobody keeps is read in the background.
package overview

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Page is the overview.
type Page struct {
	o      Options
	w, h   int
	paused bool

	came  came  // the deliveries
	spent spent // the time per status

	stale  bool // lines and items are to be made again
	lines  []line
	items  []item
	cursor cursor
	top    int // the first line that is shown
	drawn  int // how long the last View was
}

// New makes a Page.
func New(o Options) *Page { return &Page{o: o, stale: true, came: came{o: &o}, spent: spent{o: &o}} }

// Update takes the answers of the page's commands.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	p.Invalidate()
	before := p.isRead()
	p.spent.update(msg)
	cmd := p.came.update(msg)
	if before != p.isRead() {
		p.stale = true // a pause does not freeze a page that is still being read
	}
	return cmd
}

// isRead says which parts of the page were read, and whether reading them fails.
func (p *Page) isRead() [4]bool {
	return [...]bool{p.came.counted, p.came.err != nil, p.spent.table != nil, p.spent.err != nil}
}

// unread is said in the place of what was not read yet.
func unread(th *theme.Theme, err error) span {
	if err != nil {
		return span{style: th.Error, text: "can't read the store, trying again: " + text.Clean(err.Error(), 0)}
	}
	return span{style: th.Dim, text: "reading the store" + th.Glyphs.Ellipsis}
}

// Came takes note of what came.
func (p *Page) Came(n *News) {
	p.Invalidate()
	p.came.take(n)
	p.spent.stale = true
}

// ReadFurther reads what the page shows and the batches don't bring. It is called while the page
// is shown.
func (p *Page) ReadFurther() tea.Cmd {
	cmd := p.came.readFurther()
	if !p.paused || p.spent.table == nil {
		cmd = tea.Batch(cmd, p.spent.readFurther())
	}
	return cmd
}

// SetSize sets the size in cells.
func (p *Page) SetSize(w, h int) {
	if w != p.w || h != p.h {
		p.w, p.h, p.stale = w, h, true
	}
}

// Invalidate makes the next View show what has changed, unless the page is paused.
func (p *Page) Invalidate() { p.stale = p.stale || !p.paused }

// SetPaused freezes the page.
func (p *Page) SetPaused(paused bool) { p.paused, p.stale = paused, true }

// View draws the page.
func (p *Page) View() string {
	p.build()
	current, panel := p.cursor.number(), 0
	if current > 0 {
		panel = p.items[current-1].panel
	}
	var b strings.Builder
	b.Grow(p.drawn)
	for i := range p.h {
		if i > 0 {
			b.WriteByte('\n')
		}
		if y := p.top + i; y < len(p.lines) {
			p.lines[y].draw(&b, p.o.Theme, current, panel)
		} else {
			b.WriteString(text.Spaces(p.w))
		}
	}
	p.drawn = b.Len()
	return b.String()
}

// build makes lines and items again, if something has changed. The cursor stays on its item.
func (p *Page) build() {
	if !p.stale || p.w <= 0 || p.h <= 0 {
		return
	}
	p.stale = false
	p.items, p.lines = p.items[:0], nil
	if words := p.o.Empty(); words != nil {
		p.lines = p.empty(words)
	} else {
		p.lay()
	}
	for y, l := range p.lines {
		p.locate(y, l)
	}
	p.cursor.settle(p.items)
	p.top = max(0, min(p.top, len(p.lines)-p.h))
	p.reveal()
}

// lay places the panels: the tiles over the whole width, and the others in columns.
func (p *Page) lay() {
	ps := panels{page: p}
	for _, row := range p.tiles() {
		p.lines = append(p.lines, ps.row(row, p.w)...)
	}
	p.lines = append(p.lines, p.tests()...)
	columns := p.columns()
	widths := columnWidths(p.w)
	asked := make([][]need, len(columns))
	for i, all := range columns {
		asked[i] = needs(all, widths[i])
	}
	room, tallest := p.h-len(p.lines), 0
	if len(columns) == 1 {
		for _, n := range asked[0] {
			tallest += n.want
		}
		room = max(room, tallest)
	}
	for i := range columns {
		tallest = max(tallest, total(stack(asked[i], room)))
	}
	drawn := make([][]line, len(columns))
	for i, all := range columns {
		for j, h := range stack(asked[i], max(room, tallest)) {
			drawn[i] = append(drawn[i], ps.box(all[j], widths[i], h)...)
		}
	}
	for y := range max(room, tallest) {
		spans := 0
		for i := range drawn {
			spans += len(drawn[i][y])
		}
		l := make(line, 0, spans)
		for i := range drawn {
			l = append(l, drawn[i][y]...)
		}
		p.lines = append(p.lines, l)
	}
}

// locate notes where the items of a line are.
func (p *Page) locate(y int, l line) {
	x := 0
	for i := range l {
		s := &l[i]
		w := text.Width(s.text)
		if s.item > 0 {
			it := &p.items[s.item-1]
			if it.right == 0 {
				it.y, it.left = y, x
			}
			it.right = x + w
		}
		x += w
	}
}

// empty is the page while there is nothing to say.
func (p *Page) empty(words []string) []line {
	const margin = 2
	lines := []line{line{}.fit(p.w)}
	for _, w := range text.Message(words, p.w-margin, p.h-1) {
		lines = append(lines, line{{style: p.o.Theme.Plain, text: text.Spaces(margin) + w}}.fit(p.w))
	}
	return lines
}

// reveal scrolls to the cursor.
func (p *Page) reveal() {
	n := p.cursor.number()
	if n == 0 || len(p.lines) <= p.h {
		p.top = 0
		return
	}
	y := p.items[n-1].y
	switch {
	case y < p.top+1 && y <= 1:
		p.top = 0
	case y < p.top+1: // with the line above, which may be the title of its panel
		p.top = y - 1
	case y > p.top+p.h-2:
		p.top = min(y-p.h+2, len(p.lines)-p.h)
	}
}

// Where says how much of the page is below what is shown, or returns "".
func (p *Page) Where() string {
	p.build()
	below := len(p.lines) - p.h - p.top
	if below <= 0 {
		return ""
	}
	return p.o.Theme.Glyphs.Down + " " + moreLines(below)
}

// columns returns the panels below the tiles.
func (p *Page) columns() [][]panel {
	all := func(ps ...panel) []panel {
		return slices.DeleteFunc(ps, func(p panel) bool { return p == nil })
	}
	needs, trouble, longest := p.needs(), p.trouble(), p.longest()
	chart, state, spent := &chart{p}, &state{p}, &spentPanel{&p.spent}
	switch columnCount(p.w) {
	case 1:
		return [][]panel{all(needs, chart, state, trouble, longest, spent)}
	case 2:
		left := all(needs, trouble, longest)
		if p.w >= roomy || p.spare(left) >= leastLatest {
			left = append(left, p.latest())
		}
		return [][]panel{left, all(chart, state, spent)}
	default:
		return [][]panel{all(needs, trouble, longest, p.latest()), all(chart, spent), all(state, p.finished())}
	}
}

// spare is how many lines the first of two columns has left below some panels.
func (p *Page) spare(panels []panel) int {
	left := p.h - tileHeight - len(p.tests())
	for _, n := range needs(panels, columnWidths(p.w)[0]) {
		left -= n.want
	}
	return left
}

// panels numbers panels.
type panels struct {
	page *Page
	n    int
}

func (ps *panels) box(p panel, w, h int) []line {
	ps.n++
	s := sheet{theme: ps.page.o.Theme, items: &ps.page.items, panel: ps.n}
	return box(p, &s, w, h)
}

// row draws panels beside each other. Their widths are their shares of w.
func (ps *panels) row(tiles []tile, w int) []line {
	sum, x, left := 0, 0, 0
	for i := range tiles {
		sum += tiles[i].share
	}
	var lines []line
	for i := range tiles {
		x += tiles[i].share
		right := w * x / sum
		for y, l := range ps.box(&tiles[i], right-left, tileHeight) {
			if i == 0 {
				lines = append(lines, nil)
			}
			lines[y] = append(lines[y], l...)
		}
		left = right
	}
	return lines
}
