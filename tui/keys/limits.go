package keys

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// Limits are the actions that the user of a screen may not do, by their names. Neither the help nor
// the footer nor the list of actions has them. Nil: the user may do all.
type Limits struct {
	// Absent are those whose keys mean nothing.
	Absent []string
	// Refused are those whose keys say why they do nothing, with these words.
	Refused map[string]string
	// Tried is told which refused action the user has tried. It is called from Update, and must be
	// quick.
	Tried func(action string)
}

// Refusal is a key that says why it does nothing.
type Refusal struct {
	binding key.Binding
	words   string
	tried   func()
}

// Refusals are those of one place of the screen.
type Refusals []Refusal

// Apply takes the keys from all actions that the user may not do.
func (l *Limits) Apply(all []Action) (out Refusals) {
	if l == nil {
		return nil
	}
	for i := range all {
		a := &all[i]
		words, refused := l.Refused[a.Name]
		if !refused && !slices.Contains(l.Absent, a.Name) {
			continue
		}
		if refused {
			out = append(out, Refusal{*a.binding, words, func() { l.Tried(a.Name) }})
		}
		a.binding.SetKeys()
		a.binding.SetHelp("", a.Does)
		a.binding.SetEnabled(false)
	}
	return out
}

// Press says why a key does nothing. ok is false if it is not the key of a refused action.
func (r Refusals) Press(msg tea.KeyMsg) (words string, ok bool) {
	for _, refused := range r {
		if !msg.Paste && key.Matches(msg, refused.binding) {
			refused.tried()
			return refused.words, true
		}
	}
	return "", false
}
