package prompt

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
)

// SavedFilter is a filter on a key of its own.
type SavedFilter struct {
	// Name is what the screen calls the filter. If it is empty, the screen shows
	// Expr.
	Name string
	// Expr is the filter (see receiver/filter). If it is empty, the key has no
	// filter.
	Expr string
	key  key.Binding
}

// Key names the filter's key.
func (f *SavedFilter) Key() string { return f.key.Help().Key }

func (f *SavedFilter) title() string {
	if f.Name == "" {
		return text.Clean(f.Expr, 30)
	}
	return text.Clean(f.Name, 30)
}

// Saved are the filters on the keys F1 to F4.
type Saved [4]SavedFilter

// NewSaved binds filters to their keys.
func NewSaved(filters [4]SavedFilter, k *keys.Map) *Saved {
	s := Saved(filters)
	for i := range s {
		s[i].key = k.Saved[i]
	}
	return &s
}

// On returns the filter that a key is for. ok is false for other keys.
func (s *Saved) On(msg tea.KeyMsg) (f *SavedFilter, ok bool) {
	for i := range s {
		if key.Matches(msg, s[i].key) {
			return &s[i], true
		}
	}
	return nil, false
}

// Title is what a filter is called, clean: a saved one by its name.
func (s *Saved) Title(expr string) string {
	for i := range s {
		if f := &s[i]; f.Expr != "" && f.Expr == expr {
			return f.title()
		}
	}
	return text.Clean(expr, 30)
}

// Help returns the saved filters for the help.
func (s *Saved) Help() (out []key.Binding) {
	for i := range s {
		if f := &s[i]; f.Expr != "" {
			b := f.key
			b.SetHelp(f.Key(), f.title())
			out = append(out, b)
		}
	}
	if out == nil {
		out = append(out, keys.Line("F1-F4", "no saved filters yet"))
	}
	return out
}
