package renderer

import "strconv"

// screen is what a terminal shows. It keeps its buffers from frame to frame: a page of 200×60 has
// 12,000 cells.
type screen struct {
	rows  []row
	spare []cell
	out   []byte
}

// row is a line of a screen.
type row struct {
	line  string
	cells []cell // without the blank ones at its end
	sure  bool   // the place of each cell is sure
}

// change makes the screen one of these lines. It returns the bytes that change it, which are good until
// the next call, or nil. redraw wipes it before: the terminal may show anything.
func (s *screen) change(lines []string, redraw bool) []byte {
	p := pen{out: append(s.out[:0], beginUpdate...)}
	unchanged := len(p.out)
	if redraw {
		p.out = append(p.out, wipe...)
		for i := range s.rows {
			s.rows[i] = row{cells: s.rows[i].cells[:0], sure: true}
		}
	}
	for len(s.rows) < len(lines) {
		s.rows = append(s.rows, row{sure: true})
	}
	for i := range s.rows {
		if line := lineAt(lines, i); line != s.rows[i].line {
			s.replace(i, line, &p)
		}
	}
	if len(p.out) == unchanged {
		return nil
	}
	p.use("")
	s.out = append(p.out, endUpdate...)
	return s.out
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func (s *screen) replace(i int, line string, p *pen) {
	old, now := s.rows[i], row{line: line}
	now.cells, now.sure = appendCells(s.spare[:0], line)
	p.line(i, &old, &now)
	s.rows[i], s.spare = now, old.cells
}

// pen writes cells on a screen.
type pen struct {
	out   []byte
	style string // what is switched on
}

// line replaces line i.
func (p *pen) line(i int, old, now *row) {
	switch {
	case !now.sure:
		p.wipe(i)
		p.out = append(append(p.out, now.line...), resetStyle...)
		return
	case !old.sure:
		p.wipe(i)
		p.cells(now.cells)
		return
	}
	cells := now.cells
	for _, s := range changes(old.cells, cells) {
		p.move(i, s.start)
		p.cells(cells[min(s.start, len(cells)):min(s.end, len(cells))])
		if s.end > len(cells) {
			p.use("")
			p.out = append(p.out, "\x1b[K"...)
			break
		}
	}
}

// wipe makes a line empty, and begins it. It does this before the line is written: to wipe
// the rest of a full line afterwards would wipe its last cell.
func (p *pen) wipe(i int) {
	p.use("")
	p.move(i, 0)
	p.out = append(p.out, "\x1b[2K"...)
}

// move goes to a cell of line i.
func (p *pen) move(i, column int) {
	p.out = strconv.AppendInt(append(p.out, "\x1b["...), int64(i+1), 10)
	if column > 0 {
		p.out = strconv.AppendInt(append(p.out, ';'), int64(column+1), 10)
	}
	p.out = append(p.out, 'H')
}

func (p *pen) cells(all []cell) {
	for _, c := range all {
		p.use(c.style)
		p.out = append(p.out, c.text...)
	}
}

// use switches a style on, and the one before off.
func (p *pen) use(style string) {
	if style == p.style {
		return
	}
	if p.style != "" {
		p.out = append(p.out, resetStyle...)
	}
	p.out = append(p.out, style...)
	p.style = style
}
