package webhooks

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// layer is what lies over the list: a form, a question, or what is known of a
// webhook.
type layer interface {
	draw(s *sheet)
	press(msg tea.KeyMsg) (tea.Cmd, bool)
	// captures: all keys are its own, letters too.
	captures() bool
	hints() []key.Binding
}

// about is a layer on one webhook, for which the keys of the list work too.
type about interface {
	layer
	subject() string
}

func (p *Page) topmost() layer {
	if len(p.layers) == 0 {
		return nil
	}
	return p.layers[len(p.layers)-1]
}

func (p *Page) push(l layer) {
	p.layers = append(p.layers, l)
	p.top = 0
	p.Invalidate()
}

// closeLayer takes a layer off, and what lies on it.
func (p *Page) closeLayer(l layer) {
	for i := range p.layers {
		if p.layers[i] == l {
			p.layers = p.layers[:i]
			p.top = 0
			break
		}
	}
	p.Invalidate()
}

// Captures says whether all keys are to come here: something is typed.
func (p *Page) Captures() bool {
	top := p.topmost()
	return top != nil && top.captures()
}

// Back goes back one step: it gives up a call, or closes what lies over the
// list; false: there is nothing to go back from.
func (p *Page) Back() bool {
	p.turn()
	if p.reveal != nil {
		p.mask()
		return true
	}
	if top := p.topmost(); top != nil {
		if c := p.underWay(top); c != nil {
			p.giveUp(c)
		} else {
			p.closeLayer(top)
		}
		return true
	}
	if c := p.calls.newest(); c != nil {
		p.giveUp(c)
		return true
	}
	if p.reading() && p.stopReading() {
		p.Invalidate()
		p.say(Info, "gave up reading the webhooks; r reads them")
		return true
	}
	return false
}

// underWay is the call that a layer waits for, or that is about its webhook; nil
// where there is none.
func (p *Page) underWay(l layer) *call {
	if a, ok := l.(about); ok {
		return p.calls.of(a.subject())
	}
	return p.calls.waiting(l)
}

// View draws exactly as many lines, of as many cells, as there is room for.
func (p *Page) View() string {
	if p.w == 0 || p.h == 0 {
		return ""
	}
	p.looked = true
	strip := p.strip()
	height := max(0, p.h-len(strip))
	if p.reshaped {
		p.Model.SetSize(p.w+1, height) // it lays out anew where its width changes
		p.reshaped = false
	}
	p.Model.SetSize(p.w, height)
	body := ""
	if top := p.topmost(); top == nil {
		body = p.Model.View()
	} else {
		body = p.drawLayer(top, height)
	}
	if len(strip) == 0 {
		return body
	}
	return body + "\n" + strings.Join(strip, "\n")
}

func (p *Page) drawLayer(l layer, height int) string {
	if !p.stale {
		return p.drawn
	}
	s := p.sheet(height)
	l.draw(s)
	p.longer = len(s.lines) > height
	p.top = max(0, min(p.top, len(s.lines)-height))
	p.drawn, p.stale = strings.Join(s.window(p.top, height), "\n"), false
	return p.drawn
}

func (p *Page) sheet(height int) *sheet {
	return &sheet{theme: p.o.Theme, width: p.w, height: height}
}

// pressScroll takes the keys that move about in a layer; false for others.
func (p *Page) pressScroll(msg tea.KeyMsg) bool {
	k, page := &p.keys, max(1, p.h-2)
	switch {
	case key.Matches(msg, k.up):
		p.top--
	case key.Matches(msg, k.down):
		p.top++
	case key.Matches(msg, k.pageUp):
		p.top -= page
	case key.Matches(msg, k.pageDown):
		p.top += page
	case key.Matches(msg, k.home):
		p.top = 0
	case key.Matches(msg, k.end):
		p.top = 1 << 20 // drawing knows how far that is
	default:
		return false
	}
	p.top = max(0, p.top)
	p.Invalidate()
	return true
}
