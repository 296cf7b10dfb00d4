package tui

import (
	"fmt"
	"strconv"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/text"
)

// SavedFilter is a filter on a key of its own.
type SavedFilter struct {
	// Name is what the screen calls it; "": as it is written.
	Name string
	// Expr is the filter (see receiver/filter); "": there is none on this key.
	Expr string
}

func (f *SavedFilter) title() string {
	if f.Name == "" {
		return text.Clean(f.Expr, 30)
	}
	return text.Clean(f.Name, 30)
}

// savedAt is which of the saved filters a key is for, -1 for other keys.
func (m *Model) savedAt(msg tea.KeyMsg) int {
	for i := range m.keys.saved {
		if key.Matches(msg, m.keys.saved[i]) {
			return i
		}
	}
	return -1
}

// pressSaved sets a saved filter, or clears it where it is set; ok is false for
// other keys.
func (m *Model) pressSaved(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	i := m.savedAt(msg)
	if i < 0 {
		return nil, false
	}
	f, name := &m.o.Filters[i], "F"+strconv.Itoa(i+1)
	s, sieved := m.sieve()
	switch {
	case f.Expr == "":
		m.say(noteHint, fmt.Sprintf(`%s holds no filter; configure filters: {%s: "status:FAILED kind:order"}`, name, name))
		return nil, true
	case !sieved:
		m.say(noteHint, name+" filters jobs, orders and events; / filters here")
		return nil, true
	case m.list().Filter() == f.Expr:
		m.say(noteInfo, "the filter is cleared")
		return m.setFilter(""), true
	}
	if wrong := s.Check(f.Expr); wrong != nil {
		m.say(noteHint, name+" can't be used here: "+wrong.Error())
		return nil, true
	}
	return m.setFilter(f.Expr), true
}

// filterTitle is what the filter is called: a saved one by its name.
func (m *Model) filterTitle() string {
	expr := m.list().Filter()
	for i := range m.o.Filters {
		if f := &m.o.Filters[i]; f.Expr != "" && f.Expr == expr {
			return f.title()
		}
	}
	return text.Clean(expr, 30)
}

// savedKeys are the saved filters for the help, or one line that there may be
// some.
func (m *Model) savedKeys() (out []key.Binding) {
	for i := range m.o.Filters {
		if f := &m.o.Filters[i]; f.Expr != "" {
			b := m.keys.saved[i]
			b.SetHelp(b.Help().Key, f.title())
			out = append(out, b)
		}
	}
	if out == nil {
		out = append(out, inHelp("F1-F4", "yours: none is saved yet"))
	}
	return out
}
