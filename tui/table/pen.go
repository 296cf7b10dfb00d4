package table

import (
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// pen writes styled cells. It changes the style only between cells that differ,
// which keeps frames short.
type pen struct {
	buf     []byte
	current *theme.Theme // of the line under the cursor, nil in any other line
	style   theme.Style  // of the next cell
	on      theme.Style  // the style that is switched on
	theme   *theme.Theme
	sought  []string // what is marked in the next cells
}

// use sets the style of the next cells.
func (p *pen) use(s theme.Style) {
	if p.current != nil {
		s = p.current.UnderCursor(s)
	}
	p.style = s
}

// fit writes text in exactly width cells.
func (p *pen) fit(s string, width int, right bool) {
	if width <= 0 {
		return
	}
	p.switchOn()
	from := len(p.buf)
	if right {
		p.buf = text.AppendFitRight(p.buf, s, width)
	} else {
		p.buf = text.AppendFit(p.buf, s, width)
	}
	p.mark(from)
}

// spans writes text in several styles in exactly width cells.
func (p *pen) spans(all []theme.Span, width int) {
	for _, s := range all {
		p.use(s.Style)
		w := min(width, text.Width(s.Text))
		p.fit(s.Text, w, false)
		width -= w
	}
	p.fit("", width, false)
}

// switchOn switches the style of the next cells on.
func (p *pen) switchOn() {
	if p.on != p.style {
		p.buf = p.on.AppendOff(p.buf)
		p.buf = p.style.AppendOn(p.buf)
		p.on = p.style
	}
}

func (p *pen) newLine() { p.buf = append(p.buf, '\n') }

// end switches all styles off.
func (p *pen) end() {
	p.buf = p.on.AppendOff(p.buf)
	p.current, p.style, p.on = nil, theme.Style{}, theme.Style{}
}
