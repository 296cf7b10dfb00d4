package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/mouse"
	"github.com/up42/up42-webhooks/tui/pane"
)

// What follows says what is under the mouse. Each part answers for the lines and cells that it
// has drawn, which count from 0.

// pointed is a page with rows under titles.
type pointed interface {
	scrolling
	// RowAt returns the index of the row on a line of the page, TitleAt the title of the column
	// at a cell of the first line.
	RowAt(line int) (i int, ok bool)
	TitleAt(x int) (title string, ok bool)
	// SortByColumn sorts by a column, then in reverse, and then as at the start.
	SortByColumn(title string) (cmd tea.Cmd, ok bool)
}

// scrolling is a page that the wheel scrolls.
type scrolling interface{ Scroll(lines int) }

// clicked is a page that knows what a click does on it, besides rows and titles.
type clicked interface {
	Click(x, line int) (cmd tea.Cmd, ok bool)
}

// tabsLine is the line of the screen that has the tabs.
const tabsLine = 1

// point takes a message of the mouse.
func (m *Model) point(event tea.MouseMsg) tea.Cmd {
	if m.o.NoMouse || m.canvas.TooSmall() {
		return nil
	}
	cmd, changed := m.pointer.Take(event)
	if !changed {
		return cmd
	}
	return m.changed(cmd)
}

// zones tells what is at the cells of the screen, and does what a click there stands for.
type zones struct{ *Model }

// zone is what is at a cell of the screen.
func (m zones) at(x, y int) mouse.Zone {
	size := &m.drawn.sizes
	switch line := y - size.top; {
	case y == tabsLine:
		return m.tabZone(x)
	case y == m.canvas.H-1:
		return m.hintZone(x)
	case m.prompt != nil && line >= size.h:
		return m.promptZone(line - size.h)
	case x >= m.canvas.W || line < 0 || line >= size.h:
		return mouse.Zone{}
	case m.help.Shown():
		return scrollZone("help", m.help)
	case m.nav.beside() && x >= size.list:
		return m.paneZone(x-size.list, line)
	case m.nav.detailed && !m.nav.beside():
		return m.pageZone("details", m.nav.details, x, line)
	default:
		return m.listZone(x, line)
	}
}

// busy reports whether a click belongs to what the user types into.
func (m zones) busy() bool { return m.prompt != nil || m.pages.captured() }

// act does what a click stands for. It counts as a key: a question that waits for the next key
// is answered with no.
func (m zones) act(do func() tea.Cmd) tea.Cmd {
	m.notes.Clear()
	m.pinning.NextKey(false)
	m.ending = false
	return do()
}

// pressFor presses a key for the mouse.
func (m zones) pressFor(h keys.Hint, cell int) func(bool) tea.Cmd {
	return func(bool) tea.Cmd {
		if msg, ok := h.Press(cell); ok {
			return m.typed(msg)
		}
		return nil
	}
}

func (m zones) hintZone(x int) (z mouse.Zone) {
	if h, cell, ok := m.canvas.HintAt(x); ok {
		z = mouse.Zone{Name: "hint " + h.Keys, Click: m.pressFor(h, cell)}
	}
	return z
}

func (m zones) tabZone(x int) (z mouse.Zone) {
	if i, ok := m.canvas.TabAt(x); ok && !m.busy() {
		z.Click = func(bool) tea.Cmd {
			return m.act(func() tea.Cmd {
				m.help.Close()
				return m.nav.choose(pageID(i))
			})
		}
	}
	return z
}

// promptZone is what is on a line of what is asked.
func (m zones) promptZone(line int) mouse.Zone {
	z := scrollZone("prompt", m.prompt)
	p, ok := m.prompt.(interface {
		Click(line int) (cmd tea.Cmd, open bool)
	})
	if ok {
		z.Click = func(bool) tea.Cmd {
			cmd, open := p.Click(line)
			if !open {
				m.prompt = nil
			}
			return cmd
		}
	}
	return z
}

// paneZone is what is at a cell of the pane, whose edge has the cell 0.
func (m zones) paneZone(x, line int) mouse.Zone {
	size := &m.drawn.sizes
	switch {
	case x <= pane.Edge && !m.busy(): // the pane's lines begin with a space
		return mouse.Zone{Name: "edge", Click: func(bool) tea.Cmd { return nil }, Drag: m.dragEdge}
	case line < size.detailsHeight:
		return m.pageZone("pane", m.nav.details, x-pane.Edge, line)
	}
	first, others := m.actions()
	h, ok := pane.ActionAt(append(first, others...), size.details, x-pane.Edge, line-size.detailsHeight)
	if !ok || m.busy() {
		return mouse.Zone{}
	}
	return mouse.Zone{Name: "action " + h.Keys, Click: m.pressFor(h, 0)}
}

func (m zones) dragEdge(x int) tea.Cmd {
	m.nav.pane.MoveTo(m.canvas.W, x)
	return nil
}

// pageZone is what is at a cell of the details: a click gives them the keys.
func (m zones) pageZone(name string, p page, x, line int) mouse.Zone {
	z := scrollZone(name, p)
	z.Click = func(bool) tea.Cmd {
		if m.busy() {
			return nil
		}
		return m.act(func() tea.Cmd {
			var cmd tea.Cmd
			if !m.nav.detailed {
				cmd = m.nav.openDetails()
			}
			if c, ok := p.(clicked); ok {
				more, _ := c.Click(x, line)
				cmd = tea.Batch(cmd, m.commands.Own(more, p.Update))
			}
			return cmd
		})
	}
	return z
}

// listZone is what is at a cell of a list: a row, or the title of a column.
func (m zones) listZone(x, line int) mouse.Zone {
	l := m.pages.list()
	z := scrollZone("list", l)
	z.Click = func(again bool) tea.Cmd {
		if m.busy() {
			return nil
		}
		return m.act(func() tea.Cmd { return m.clickList(l, x, line, again) })
	}
	return z
}

func (m zones) clickList(l list, x, line int, again bool) tea.Cmd {
	if c, ok := l.(clicked); ok {
		if cmd, ok := c.Click(x, line); ok {
			return m.commands.Own(cmd, l.Update)
		}
	}
	p, ok := l.(pointed)
	if !ok {
		return nil
	}
	if title, ok := p.TitleAt(x); ok && line == 0 {
		return m.sortByColumn(l, p, title)
	}
	i, ok := p.RowAt(line)
	if !ok {
		return nil
	}
	m.nav.leaveDetails()
	if again && i == l.Index() {
		return m.pressPage(tea.KeyMsg{Type: tea.KeyEnter})
	}
	l.Move(i - l.Index())
	l.Hold()
	return nil
}

// sortByColumn sorts a list by a column that was clicked.
func (m zones) sortByColumn(l list, p pointed, title string) tea.Cmd {
	before := l.OrderName()
	cmd, ok := p.SortByColumn(title)
	switch {
	case !ok:
		m.nav.say.Hint("the list can't be sorted by " + title)
	case l.OrderName() != before:
		m.nav.say.Info("sorted by " + l.OrderName())
	}
	return m.commands.Own(cmd, l.Update)
}

func scrollZone(name string, p any) mouse.Zone {
	z := mouse.Zone{Name: name}
	if s, ok := p.(scrolling); ok {
		z.Scroll = func(lines int) tea.Cmd {
			s.Scroll(lines)
			return nil
		}
	}
	return z
}
