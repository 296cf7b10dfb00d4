package table

import (
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// pen writes styled cells. It switches styles only where they differ, which
// keeps frames short.
type pen struct {
	buf    []byte
	ground theme.Style // what all styles are laid over
	flat   bool        // or hidden by
	style  theme.Style // of what comes next
	on     theme.Style // what is switched on
}

// use sets the style of what comes next.
func (p *pen) use(s theme.Style) {
	if p.flat {
		s = theme.Style{}
	}
	p.style = s.Over(p.ground)
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

// end goes back to plain.
func (p *pen) end() {
	p.buf = p.on.AppendOff(p.buf)
	p.ground, p.flat, p.style, p.on = theme.Style{}, false, theme.Style{}, theme.Style{}
}
