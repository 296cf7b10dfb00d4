package frame

import (
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
)

// Footer draws as many hints as there is room for, and all of the last ones.
func (c *Canvas) Footer(hints, last []keys.Hint) string {
	ends, endsWidth := c.Hints(last)
	for {
		drawn, width := c.Hints(hints)
		if left := c.W - 1 - width - between - endsWidth; left >= 0 || len(hints) == 0 {
			c.PlaceHints(hints, 1)
			c.addHints(last, 1+width+between)
			return " " + drawn + text.Spaces(between) + ends + text.Spaces(left)
		}
		hints = hints[:len(hints)-1]
	}
}

// Hints draws hints.
func (c *Canvas) Hints(all []keys.Hint) (drawn string, width int) {
	all = slices.DeleteFunc(slices.Clone(all), func(h keys.Hint) bool { return h.Keys == "" }) // it has no key
	var b strings.Builder
	for i, h := range all {
		name := c.KeyName(h.Keys)
		if i > 0 {
			b.WriteString(text.Spaces(between))
			width += between
		}
		b.WriteString(c.Theme.Key.Apply(name))
		b.WriteString(c.Theme.Dim.Apply(" " + h.Does))
		width += text.Width(name) + 1 + text.Width(h.Does)
	}
	return b.String(), width
}

// KeyName names a key. On a terminal with only ASCII, arrows are words.
func (c *Canvas) KeyName(s string) string {
	if !c.ascii() {
		return s
	}
	return strings.NewReplacer("↑↓", "up/down", "←→", "left/right", "↑", "up", "↓", "down", "←", "left", "→", "right").Replace(s)
}
