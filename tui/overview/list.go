package overview

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/detail"
)

// What follows makes the page one of the lists of the screen, although it has no rows.

// Subject returns the row under the cursor. ok is false if the cursor is on something else.
func (p *Page) Subject() (s detail.Subject, ok bool) {
	p.build()
	it, ok := p.cursor.item()
	if !ok || it.goal.Row.ID == "" {
		return s, false
	}
	return detail.Subject{Key: it.goal.Row}, true
}

// Move moves the cursor to the next row, or to the one before.
func (p *Page) Move(delta int) {
	p.build()
	for i := p.cursor.at + delta; i >= 0 && i < len(p.items); i += delta {
		if p.items[i].goal.Row.ID != "" {
			p.cursor.to(i)
			p.reveal()
			return
		}
	}
}

// Len returns how many things can be opened.
func (p *Page) Len() (shown, total int) {
	p.build()
	return len(p.items), len(p.items)
}

// Index returns the place of the cursor among them.
func (p *Page) Index() int { return p.cursor.at }

// Hold does nothing: the cursor stays on its item.
func (p *Page) Hold() {}

// Follows returns false, as the page has no newest line.
func (p *Page) Follows() bool { return false }

// Filter returns "": the page has no filter.
func (p *Page) Filter() string { return "" }

// SetFilter does nothing.
func (p *Page) SetFilter(string) tea.Cmd { return nil }

// OrderName returns "": the page has no order.
func (p *Page) OrderName() string { return "" }

// Busy returns false.
func (p *Page) Busy() bool { return false }

// NewRows returns how much came since the page was paused.
func (p *Page) NewRows() int { return p.o.NewRows() }
