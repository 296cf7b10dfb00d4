package panel

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks/keymap"
)

// Panel lies over the list.
type Panel interface {
	Draw(b *textblock.Block)
	// Press handles a key. It returns false if the key means nothing here.
	Press(msg tea.KeyMsg) (cmd tea.Cmd, ok bool)
	// Captures reports whether all keys belong to the panel, letters too.
	Captures() bool
	// Hints are the keys that matter now.
	Hints() []key.Binding
}

// about is a panel about one webhook. The keys of the list act on this webhook.
type about interface {
	Panel
	subject() string // the webhook's id
}

// Stack has the panels. The last one is on top, and is the only one to be seen.
type Stack struct {
	panels []Panel
	line   int // the first line that is seen of the panel on top
	drawn  string
	longer bool // the panel has more lines than fit
	stale  bool // drawn is out of date
}

// Top returns the panel on top, or nil.
func (s *Stack) Top() Panel {
	if len(s.panels) == 0 {
		return nil
	}
	return s.panels[len(s.panels)-1]
}

// Subject returns the id of the webhook that the panel on top is about. It
// returns false if there is no panel, or if it is not about one webhook.
func (s *Stack) Subject() (id string, ok bool) {
	a, ok := s.Top().(about)
	if !ok {
		return "", false
	}
	return a.subject(), true
}

// Captures reports whether all keys belong to the panel on top.
func (s *Stack) Captures() bool {
	top := s.Top()
	return top != nil && top.Captures()
}

// Push puts a panel on top.
func (s *Stack) Push(p Panel) {
	s.panels = append(s.panels, p)
	s.line = 0
	s.Invalidate()
}

// Close removes a panel, and all that are above it.
func (s *Stack) Close(p Panel) {
	for i := range s.panels {
		if s.panels[i] == p {
			s.panels = s.panels[:i]
			s.line = 0
			break
		}
	}
	s.Invalidate()
}

// CloseAbout closes the panel about a webhook.
func (s *Stack) CloseAbout(id string) {
	for _, p := range s.panels {
		if a, ok := p.(about); ok && a.subject() == id {
			s.Close(p)
			return
		}
	}
}

// Invalidate makes the next View draw the panel again.
func (s *Stack) Invalidate() { s.stale = true }

// names is the width of the column of names in a panel.
const names = 15

// View draws the panel on top in w times h cells.
func (s *Stack) View(th *theme.Theme, w, h int) string {
	if !s.stale {
		return s.drawn
	}
	b := &textblock.Block{Theme: th, Width: w, Height: h, Names: names}
	s.Top().Draw(b)
	s.longer = len(b.Lines) > h
	s.line = max(0, min(s.line, len(b.Lines)-h))
	s.drawn, s.stale = strings.Join(b.Window(s.line), "\n"), false
	return s.drawn
}

// Longer reports whether the panel on top has more lines than fit.
func (s *Stack) Longer() bool { return s.longer }

// Scroll handles the keys that scroll. It returns false for other keys. page is
// the height of a page in lines.
func (s *Stack) Scroll(k *keymap.Map, msg tea.KeyMsg, page int) bool {
	switch {
	case key.Matches(msg, k.Up):
		s.line--
	case key.Matches(msg, k.Down):
		s.line++
	case key.Matches(msg, k.PageUp):
		s.line -= page
	case key.Matches(msg, k.PageDown):
		s.line += page
	case key.Matches(msg, k.Home):
		s.line = 0
	case key.Matches(msg, k.End):
		s.line = 1 << 20 // View limits it
	default:
		return false
	}
	s.ScrollBy(0)
	return true
}

// ScrollBy shows lines that are further down, or further up if lines is negative.
func (s *Stack) ScrollBy(lines int) {
	s.line = max(0, s.line+lines)
	s.Invalidate()
}
