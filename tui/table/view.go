package table

import (
	"strings"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	gutter = 2 // the cursor's bar and a space
	gap    = 2 // between columns
)

// SetSize sets how much room there is; the titles' line is part of it.
func (m *Model[K, R]) SetSize(w, h int) {
	if w == m.w && h == m.h {
		return
	}
	m.w, m.h = max(0, w), max(0, h)
	m.layout = m.widths()
	m.place0(m.cursor)
}

// Invalidate has the next View draw anew, for cells that depend on time.
func (m *Model[K, R]) Invalidate() { m.stale = true }

// View draws the table: as many lines, of as many cells, as there is room for.
// It is kept until something changes.
func (m *Model[K, R]) View() string {
	if m.stale {
		m.kept, m.stale = m.draw(), false
	}
	return m.kept
}

func (m *Model[K, R]) draw() string {
	if m.w == 0 || m.h == 0 {
		return ""
	}
	var b strings.Builder
	b.Grow(m.h * (m.w + 32))
	m.drawTitles(&b)
	if len(m.view) == 0 {
		m.drawEmpty(&b)
		return b.String()
	}
	for i := range m.lines() {
		b.WriteByte('\n')
		if at := m.top + i; at < len(m.view) {
			m.drawRow(&b, m.view[at], at == m.cursor)
		} else {
			b.WriteString(text.Spaces(m.w))
		}
	}
	return b.String()
}

func (m *Model[K, R]) drawTitles(b *strings.Builder) {
	var line strings.Builder
	line.WriteString(text.Spaces(min(gutter, m.w)))
	sorted := m.Order().Column
	m.eachColumn(func(c *Column[R], width int) {
		title := c.Title
		if title == sorted && title != "" {
			title += m.options.Theme.Glyphs.Down
		}
		line.WriteString(fit(title, width, c.Right))
	}, func() { line.WriteString(text.Spaces(gap)) })
	b.WriteString(m.options.Theme.Header.Apply(text.Fit(line.String(), m.w)))
}

func (m *Model[K, R]) drawRow(b *strings.Builder, r R, current bool) {
	var row, cursor theme.Style
	if m.options.Style != nil {
		row = m.options.Style(r)
	}
	bar := "  "
	if current {
		cursor = m.options.Theme.Cursor
		bar = m.options.Theme.Glyphs.Bar + " "
	}
	put := func(s theme.Style, t string) {
		b.WriteString(cursor.Apply(s.Apply(t)))
	}
	if m.w <= gutter {
		put(theme.Style{}, text.Fit(bar, m.w))
		return
	}
	put(m.options.Theme.Accent, bar)
	left := m.w - gutter
	m.eachColumn(func(c *Column[R], width int) {
		style := row
		if c.Style != nil {
			style = c.Style(r)
		}
		put(style, fit(c.Cell(r, width), width, c.Right))
		left -= width
	}, func() { put(row, text.Spaces(gap)); left -= gap })
	if left > 0 {
		put(row, text.Spaces(left))
	}
}

func fit(s string, width int, right bool) string {
	if right {
		return text.FitRight(s, width)
	}
	return text.Fit(s, width)
}

// eachColumn calls column for each that is drawn, and between in between.
func (m *Model[K, R]) eachColumn(column func(c *Column[R], width int), between func()) {
	first := true
	for i := range m.options.Columns {
		if m.layout[i] == 0 {
			continue
		}
		if !first {
			between()
		}
		first = false
		column(&m.options.Columns[i], m.layout[i])
	}
}

func (m *Model[K, R]) drawEmpty(b *strings.Builder) {
	var lines []string
	if m.options.Empty != nil {
		lines = m.options.Empty(!m.filter.empty())
	}
	skip := max(0, min((m.lines()-len(lines))/3, m.lines()))
	for i := range m.lines() {
		line := ""
		if n := i - skip; n >= 0 && n < len(lines) {
			line = "  " + lines[n]
		}
		b.WriteByte('\n')
		b.WriteString(text.Fit(line, m.w))
	}
}
