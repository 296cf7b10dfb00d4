package prompt

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/frame"
)

// pressMenu takes the keys of the open menu. ok is false for other keys.
func (p *Prompt) pressMenu(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	m, k := p.o.Menu, p.o.Keys
	switch {
	case m == nil || !m.Open() || msg.Paste:
		return nil, false
	case key.Matches(msg, k.Accept) && !m.Chosen() && p.proposes():
		return nil, false // what is wrong comes first
	case key.Matches(msg, k.Accept), m.Chosen() && key.Matches(msg, k.Keep):
		return p.take(), true
	case key.Matches(msg, k.Clear) && (m.Chosen() || p.input.Value() != ""):
		m.Close()
	case msg.Type == tea.KeyDown:
		m.Move(1)
	case msg.Type == tea.KeyUp && (m.Chosen() || p.input.Value() != ""):
		m.Move(-1)
	default:
		return nil, false
	}
	return nil, true
}

// take puts what the menu proposes into the text. The values of a key are proposed then.
func (p *Prompt) take() tea.Cmd {
	expr, at := p.o.Menu.Take()
	isKey := p.o.Menu.Keys()
	p.input.SetValue(expr)
	p.input.SetCursor(len([]rune(expr[:at])))
	if isKey {
		return p.typed()
	}
	return p.checkOnly()
}

// pressArrow shows an earlier text if the prompt is empty or has one already, or else moves through the
// list.
func (p *Prompt) pressArrow(t tea.KeyType) tea.Cmd {
	delta := 1
	if t == tea.KeyDown {
		delta = -1
	}
	switch past := p.past + delta; {
	case p.past == 0 && (p.input.Value() != "" || delta < 0), len(p.o.Past) == 0:
		if p.o.List != nil {
			p.o.List.Move(-delta)
		}
		return nil
	case past > len(p.o.Past):
		return nil
	case past == 0:
		p.Set("")
		return p.typed()
	default:
		p.past = past
		p.Set(p.o.Past[past-1])
		return p.checkOnly()
	}
}

// Over draws what lies over the last lines of the page, at most so many lines as there is room
// for.
func (p *Prompt) Over(c *frame.Canvas, room int) []string {
	if p.o.Menu == nil {
		return nil
	}
	return p.o.Menu.Lines(c, room)
}
