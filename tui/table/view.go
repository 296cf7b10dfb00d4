package table

import (
	"github.com/up42/up42-webhooks/tui/table/columns"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// gutter is the room for the cursor's bar and a space.
const gutter = 2

// SetSize sets how much room there is, in cells; the titles' line is part of
// it. The cursor stays in sight.
func (m *Model[K, R]) SetSize(w, h int) {
	if w == m.w && h == m.h {
		return
	}
	m.w, m.h = max(0, w), max(0, h)
	m.widths = m.layout()
	m.place(m.cursor.at)
}

// layout computes the widths now, as the owner of the columns may have changed
// what they need.
func (m *Model[K, R]) layout() []int {
	needs := make([]columns.Column, len(m.options.Columns))
	for i, c := range m.options.Columns {
		needs[i] = columns.Column{Min: c.Min, Max: c.Max, Usual: c.Usual, Weight: c.Weight, Drop: c.Drop}
	}
	return columns.Grow(needs, m.w-gutter)
}

// Invalidate has the next View draw anew, for cells that depend on time.
func (m *Model[K, R]) Invalidate() { m.stale = true }

// View draws the table: as many lines, of as many cells, as there is room for.
// It is kept until something changes.
func (m *Model[K, R]) View() string {
	if m.stale {
		m.drawn, m.stale = m.draw(), false
	}
	return m.drawn
}

func (m *Model[K, R]) draw() string {
	if m.w == 0 || m.h == 0 {
		return ""
	}
	p := pen{buf: m.buf[:0]}
	m.drawTitles(&p)
	if m.view.len() == 0 {
		m.drawEmpty(&p)
	} else {
		m.drawRows(&p)
	}
	m.buf = p.buf
	return string(p.buf)
}

func (m *Model[K, R]) drawTitles(p *pen) {
	th := m.options.Theme
	p.use(th.Header)
	p.fit("", min(gutter, m.w), false)
	sorted := m.options.Orders[m.shown.order].Column
	left := m.eachColumn(p, func(c *Column[R], width int) {
		title := c.Title
		if title == sorted && title != "" {
			title = text.Clean(title, width-1) + th.Glyphs.Down
		}
		p.fit(title, width, c.Right)
	})
	p.fit("", left, false)
	p.end()
}

func (m *Model[K, R]) drawRows(p *pen) {
	for i := range m.lines() {
		p.buf = append(p.buf, '\n')
		if at := m.cursor.top + i; at < m.view.len() {
			m.drawRow(p, m.view.rows[at], at == m.cursor.at)
		} else {
			p.fit("", m.w, false)
		}
	}
}

func (m *Model[K, R]) drawRow(p *pen, r R, current bool) {
	var plain theme.Style
	if m.options.Style != nil {
		plain = m.options.Style(r)
	}
	bar := ""
	if current {
		bar, p.ground = m.options.Theme.Glyphs.Bar, m.options.Theme.Cursor
		p.flat = m.options.Theme.Flat
		p.use(m.options.Theme.Accent)
	}
	p.fit(bar, min(gutter, m.w), false)
	p.use(plain)
	left := m.eachColumn(p, func(c *Column[R], width int) {
		if c.Style != nil {
			p.use(c.Style(r))
		} else {
			p.use(plain)
		}
		p.fit(c.Cell(r, width), width, c.Right)
	})
	p.fit("", left, false)
	p.end()
}

// eachColumn has the columns drawn, with gaps between them, and returns how many
// cells of the line are left.
func (m *Model[K, R]) eachColumn(p *pen, draw func(c *Column[R], width int)) (left int) {
	left = m.w - gutter
	first := true
	for i, width := range m.widths {
		if width == 0 {
			continue
		}
		if !first {
			p.fit("", columns.Gap, false)
			left -= columns.Gap
		}
		first = false
		draw(&m.options.Columns[i], width)
		left -= width
	}
	return left
}

func (m *Model[K, R]) drawEmpty(p *pen) {
	var words []string
	if m.options.Empty != nil {
		words = m.options.Empty(m.shown.filter.Match != nil)
	}
	skip := max(0, (m.lines()-len(words))/3)
	for i := range m.lines() {
		line := ""
		if n := i - skip; n >= 0 && n < len(words) {
			line = "  " + words[n]
		}
		p.buf = append(p.buf, '\n')
		p.fit(line, m.w, false)
	}
}
