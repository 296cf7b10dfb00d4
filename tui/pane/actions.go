package pane

import (
	"strings"

	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
)

// ActionsHeight is how many lines the list of actions has, so that it does not jump from row to
// row: a title, and as many lines as the most actions need in the narrowest pane.
const ActionsHeight = 1 + 4

// columns is how many actions are on a line.
const columns = 2

// ActionAt returns the hint at a cell of what [Actions] has drawn. ok is false beside the hints.
func ActionAt(hints []keys.Hint, width, x, line int) (h keys.Hint, ok bool) {
	column := x / max(1, width/columns)
	i := (line-1)*columns + column
	if line < 1 || line >= ActionsHeight || column >= columns || i >= len(hints) {
		return h, false
	}
	return hints[i], true
}

// Actions draws what can be done with a row in a pane of width cells: [ActionsHeight] lines in
// two columns. What does not fit is in the help.
func Actions(c *frame.Canvas, hints []keys.Hint, width int) string {
	const title, gap = " what you can do ", 1
	th := c.Theme
	name := 0
	for i := range hints {
		name = max(name, text.Width(c.KeyName(hints[i].Keys)))
	}
	room := width / columns
	lines := make([]string, 1, ActionsHeight)
	lines[0] = c.Rule(gap) + th.Dim.Apply(text.Cut(title, width-gap)) + c.Rule(width-gap-text.Width(title))
	for len(lines) < ActionsHeight {
		var b strings.Builder
		left := width
		for range columns {
			if len(hints) == 0 {
				break
			}
			h := hints[0]
			hints = hints[1:]
			does := text.Fit(h.Does, room-name-2*gap)
			b.WriteString(text.Spaces(gap) + th.Key.Apply(text.Fit(c.KeyName(h.Keys), name)) + text.Spaces(gap) + th.Plain.Apply(does))
			left -= room
		}
		lines = append(lines, b.String()+text.Spaces(left))
	}
	return strings.Join(lines, "\n")
}
