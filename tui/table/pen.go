package table

import (
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// pen writes styled cells. It changes the style only between cells that differ,
// which keeps frames short.
type pen struct {
	buf        []byte
	background theme.Style // under all other styles
	flat       bool        // draw only the background's style
	style      theme.Style // of the next cell
	on         theme.Style // the style that is switched on
}

// use sets the style of the next cells.
func (p *pen) use(s theme.Style) {
	if p.flat {
		s = theme.Style{}
	}
	p.style = s.Over(p.background)
}

// fit writes text in exactly width cells.
func (p *pen) fit(s string, width int, right bool) {
	if width <= 0 {
		return
	}
	if p.on != p.style {
		p.buf = p.on.AppendOff(p.buf)
		p.buf = p.style.AppendOn(p.buf)
		p.on = p.style
	}
	if right {
		p.buf = text.AppendFitRight(p.buf, s, width)
	} else {
		p.buf = text.AppendFit(p.buf, s, width)
	}
}

func (p *pen) newLine() { p.buf = append(p.buf, '\n') }

// end switches all styles off.
func (p *pen) end() {
	p.buf = p.on.AppendOff(p.buf)
	p.background, p.flat, p.style, p.on = theme.Style{}, false, theme.Style{}, theme.Style{}
}
