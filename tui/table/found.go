package table

import (
	"cmp"
	"slices"

	"github.com/up42/up42-webhooks/tui/text"
)

// Word is a text that is marked where a row shows it.
type Word struct {
	// Key is one of the Keys of the columns in which it is marked. Empty: all that have Keys.
	Key, Text string
}

// in returns the texts that are marked in a column. It appends them to dst.
func in[R any](c *Column[R], sought []Word, dst []string) []string {
	for _, w := range sought {
		if w.Text != "" && (w.Key == "" && len(c.Keys) > 0 || slices.Contains(c.Keys, w.Key)) {
			dst = append(dst, w.Text)
		}
	}
	return dst
}

// mark marks what is sought in the cells from a place of the buffer on. They have one style.
func (p *pen) mark(from int) {
	if len(p.sought) == 0 {
		return
	}
	cell := string(p.buf[from:])
	var found []text.Range
	for _, sought := range p.sought {
		found = append(found, text.Occurrences(cell, sought)...)
	}
	if len(found) == 0 {
		return
	}
	slices.SortFunc(found, func(a, b text.Range) int { return cmp.Compare(a.From, b.From) })
	plain, at := p.style, 0
	p.buf = p.buf[:from]
	for _, r := range found {
		if r.To <= at {
			continue
		}
		p.write(cell[at:max(at, r.From)])
		p.style = p.theme.Match(plain)
		p.write(cell[max(at, r.From):r.To])
		p.style, at = plain, r.To
	}
	p.write(cell[at:])
}

// write writes text that has the right width.
func (p *pen) write(s string) {
	if s != "" {
		p.switchOn()
		p.buf = append(p.buf, s...)
	}
}
