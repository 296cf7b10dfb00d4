package overview

import (
	"fmt"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/keys"
)

// Keys returns the keys of the page, for the help.
func (p *Page) Keys() []key.Binding {
	k := p.o.Keys
	as := func(b key.Binding, does string) key.Binding {
		b.SetHelp(b.Help().Key, does)
		return b
	}
	all := func(b key.Binding, does string) key.Binding {
		b.SetHelp(keys.Shown(b.Keys()), does)
		return b
	}
	return []key.Binding{
		k.Up, k.Down, all(k.Left, "to the left"), all(k.Right, "to the right"), as(k.Next, "next box, then page"), as(k.Previous, "previous box"),
		as(k.Details, "open: list or details"), k.PageUp, k.PageDown, as(k.Home, "first"), k.End, k.Pause, k.Copy, k.Related, k.Refresh,
	}
}

// Press takes a key. It returns false if the key means nothing here.
func (p *Page) Press(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	p.build()
	k := p.o.Keys
	switch {
	case msg.Paste:
		return nil, false
	case p.move(msg):
		p.reveal()
	case key.Matches(msg, k.Details):
		cmd = p.open()
	case key.Matches(msg, k.Copy):
		cmd = p.copy()
	case key.Matches(msg, k.Filter), key.Matches(msg, k.Saved[0], k.Saved[1], k.Saved[2], k.Saved[3]):
		p.o.Say.Hint(fmt.Sprintf("nothing to filter here: %s, %s and %s list jobs, orders and events", keys.First(k.Jobs), keys.First(k.Orders), keys.First(k.Events)))
	case key.Matches(msg, k.Sort):
		p.o.Say.Hint(fmt.Sprintf("nothing to sort here: %s and %s list jobs and orders", keys.First(k.Jobs), keys.First(k.Orders)))
	case key.Matches(msg, k.Back):
		p.o.Say.Hint("nothing to go back from; " + keys.First(k.Quit) + " quits")
	default:
		return nil, false
	}
	return cmd, true
}

// move takes the keys that move the cursor. It returns false for others.
func (p *Page) move(msg tea.KeyMsg) bool {
	k, c := p.o.Keys, &p.cursor
	moved := true
	switch {
	case key.Matches(msg, k.Up):
		moved = c.move(up)
	case key.Matches(msg, k.Down):
		moved = c.move(down) || p.scroll(1)
	case key.Matches(msg, k.Left):
		moved = c.move(left)
	case key.Matches(msg, k.Right):
		moved = c.move(right)
	case key.Matches(msg, k.Next):
		return c.panel(1) // behind the last panel is the next page
	case key.Matches(msg, k.Previous):
		return c.panel(-1)
	case key.Matches(msg, k.Home):
		c.to(0)
	case key.Matches(msg, k.End):
		c.to(len(p.items) - 1)
		p.top = max(0, len(p.lines)-p.h)
	case key.Matches(msg, k.PageUp, k.HalfUp):
		p.page(-1)
	case key.Matches(msg, k.PageDown, k.HalfDown):
		p.page(1)
	default:
		return false
	}
	switch {
	case len(p.items) == 0:
		p.o.Say.Hint("nothing to move to: no event has come yet")
	case !moved:
		p.o.Say.Hint("nothing further in this direction")
	}
	return true
}

// scroll scrolls lines that have no items. It reports false if there is nothing to scroll.
func (p *Page) scroll(lines int) bool {
	before := p.top
	p.top = max(0, min(p.top+lines, len(p.lines)-p.h))
	return p.top != before
}

// page moves by about a screen.
func (p *Page) page(by int) {
	it, ok := p.cursor.item()
	if !ok {
		return
	}
	to := it.y + by*max(1, p.h-2)
	best := p.cursor.at
	for i := range p.items {
		if abs(p.items[i].y-to) < abs(p.items[best].y-to) {
			best = i
		}
	}
	p.cursor.to(best)
}

func (p *Page) open() tea.Cmd {
	it, ok := p.cursor.item()
	if !ok {
		p.o.Say.Hint("nothing to open: no event has come yet")
		return nil
	}
	return p.o.Open(it.goal)
}

func (p *Page) copy() tea.Cmd {
	s, ok := p.Subject()
	if !ok {
		p.o.Say.Hint("nothing to copy: the cursor is on no order and no job")
		return nil
	}
	return p.o.CopyID(s.Key.ID)
}

// Scroll scrolls, for the wheel. The cursor stays on the screen.
func (p *Page) Scroll(lines int) {
	p.build()
	p.scroll(lines)
	it, ok := p.cursor.item()
	for ok && (it.y < p.top || it.y >= p.top+p.h) {
		before := p.cursor.at
		if it.y < p.top {
			p.cursor.to(before + 1)
		} else {
			p.cursor.to(before - 1)
		}
		if it, ok = p.cursor.item(); p.cursor.at == before {
			return
		}
	}
}

// Click moves the cursor to what is at a cell, or opens it if the cursor is there already. ok is
// false if nothing is there.
func (p *Page) Click(x, line int) (cmd tea.Cmd, ok bool) {
	p.build()
	for i := range p.items {
		it := &p.items[i]
		if it.y != p.top+line || x < it.left || x >= it.right {
			continue
		}
		if p.cursor.at == i {
			return p.open(), true
		}
		p.cursor.to(i)
		return nil, true
	}
	return nil, false
}
