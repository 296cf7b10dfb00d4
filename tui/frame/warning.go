package frame

import (
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Warning says below the top rule what is wrong, as long as it is wrong. The words
// should begin with what to do, as their end may be cut.
type Warning struct {
	glyph string
	style theme.Style
	words string // clean; "": nothing is wrong
}

// Alarm warns that deliveries are lost or that the screen is out of date.
func Alarm(th *theme.Theme, words string) Warning {
	return Warning{th.Glyphs.Failed, th.Error, text.Clean(words, 0)}
}

// Caution warns about something that does not affect the receiver.
func Caution(th *theme.Theme, words string) Warning {
	return Warning{th.Glyphs.Arrow, th.Mark, text.Clean(words, 0)}
}

// most is how many lines a warning or a note has at most: two, or a third of a high page.
func (c *Canvas) most() int {
	const least, share = 2, 3
	return max(least, c.PageHeight(0, 0)/share)
}

// Warn draws a warning in as many lines as it needs and there are. It returns nothing if nothing is
// wrong.
func (c *Canvas) Warn(w Warning) []string {
	if w.words == "" {
		return nil
	}
	const margin = 5
	lines := text.Wrap(w.words, c.W-margin, c.most())
	before := " " + w.glyph + " "
	for i, words := range lines {
		lines[i] = w.style.Apply(text.Fit(" "+before+words, c.W))
		before = text.Spaces(text.Width(before))
	}
	return lines
}
