// Package frame draws what is around a page: the header, the tabs, the rules with
// warnings and labels, notes and the keys in the footer. It knows the state of the
// receiver.
package frame

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	minWidth, minHeight = 60, 15
	// around is how many lines the frame has: header, tabs, rule, rule, footer.
	around = 5
	// Above is how many of them are above a page.
	Above = 3
)

// Canvas is what the frame draws on.
type Canvas struct {
	Theme *theme.Theme
	// W and H are the size of the terminal, in cells.
	W, H int

	spots spots
}

// TooSmall reports whether there is no room for the frame.
func (c *Canvas) TooSmall() bool { return c.W < minWidth || c.H < minHeight }

// DrawTooSmall says how large the terminal must be.
func (c *Canvas) DrawTooSmall() string {
	words := []string{
		fmt.Sprintf("terminal too small: %d×%d needed", minWidth, minHeight),
		fmt.Sprintf("it is %d×%d", c.W, c.H),
	}
	if c.ascii() {
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "×", "x")
		}
	}
	lines := make([]string, c.H)
	top := max(0, (c.H-len(words))/2)
	for i := range lines {
		s := ""
		if n := i - top; n >= 0 && n < len(words) {
			s = text.Spaces((c.W-text.Width(words[n]))/2) + words[n]
		}
		lines[i] = text.Fit(s, c.W)
	}
	return strings.Join(lines, "\n")
}

// PageHeight returns the height of a page between a warning and a note with this many
// lines.
func (c *Canvas) PageHeight(warning, note int) int { return max(0, c.H-around-warning-note) }

// ascii reports whether the terminal shows only ASCII.
func (c *Canvas) ascii() bool { return c.Theme.Glyphs.Rule == "-" }

// Rule draws a piece of a rule.
func (c *Canvas) Rule(n int) string {
	return c.Theme.Rule.Apply(strings.Repeat(c.Theme.Glyphs.Rule, max(0, n)))
}
