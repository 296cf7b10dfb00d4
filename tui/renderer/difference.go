package renderer

import "strconv"

// difference returns the bytes that change a screen from the old lines to the new
// ones.
func difference(old, lines []string, redraw bool) []byte {
	var p pen
	if redraw {
		p.out = append(p.out, wipe...)
	}
	for i := range max(len(old), len(lines)) {
		if before, line := lineAt(old, i), lineAt(lines, i); before != line {
			p.line(i, before, line)
		}
	}
	if len(p.out) == 0 {
		return nil
	}
	p.use("")
	return append(append([]byte(beginUpdate), p.out...), endUpdate...)
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// pen writes cells on a screen.
type pen struct {
	out   []byte
	style string // what is switched on
}

// line replaces line i.
func (p *pen) line(i int, old, now string) {
	cells, sure := cellsOf(now)
	if !sure {
		p.wipe(i)
		p.out = append(append(p.out, now...), resetStyle...)
		return
	}
	before, sure := cellsOf(old)
	if !sure {
		p.wipe(i)
		p.cells(cells)
		return
	}
	for _, s := range changes(before, cells) {
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
